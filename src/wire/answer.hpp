#ifndef FLUXER_AUTH_WIRE_ANSWER_HPP
#define FLUXER_AUTH_WIRE_ANSWER_HPP

#include "core/secret_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace fluxer::auth::wire {

/// The header fields of an answer, flat in one buffer: a login has fifteen of them and looks at three.
class header_list
{
public:
    void add(std::string_view name, std::string_view value);

    /// Room for the fields of a header of this size.
    void reserve(std::size_t header_size) { text_.reserve(header_size + usual_fields * sizeof(lengths)); }

    /// The first field of that name, whatever its case; empty if there is none.
    std::string_view find(std::string_view name) const noexcept;

    /// Calls `visit(name, value)` for each field, in the order in which they came.
    template <class Visit>
    void for_each(Visit&& visit) const
    {
        for (auto rest = text_.view(); !rest.empty();) {
            auto const [name, value] = take(rest);
            visit(name, value);
        }
    }

    void clear() noexcept { text_.clear(); }

private:
    static constexpr std::size_t usual_fields = 16;

    /// Stands in front of each field's name and value.
    struct lengths
    {
        std::uint32_t name = 0;
        std::uint32_t value = 0;
    };

    struct field
    {
        std::string_view name;
        std::string_view value;
    };

    static field take(std::string_view& rest) noexcept
    {
        lengths of;
        std::memcpy(&of, rest.data(), sizeof(of));
        auto const* const text = rest.data() + sizeof(of);
        rest.remove_prefix(sizeof(of) + of.name + of.value);
        return {{text, of.name}, {text + of.name, of.value}};
    }

    core::secret_buffer text_;
};

/// What the server answered to one request.
struct answer
{
    int status = 0;
    header_list headers;
    core::secret_buffer body;
};

} // namespace fluxer::auth::wire

#endif
