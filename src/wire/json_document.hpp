#ifndef FLUXER_AUTH_WIRE_JSON_DOCUMENT_HPP
#define FLUXER_AUTH_WIRE_JSON_DOCUMENT_HPP

#include <boost/json/memory_resource.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace fluxer::auth::wire {

/// Heap memory that is cleansed when it is given back.
class cleansing_resource final : public boost::json::memory_resource
{
private:
    void* do_allocate(std::size_t size, std::size_t alignment) override;
    void do_deallocate(void* memory, std::size_t size, std::size_t alignment) override;
    bool do_is_equal(boost::json::memory_resource const& other) const noexcept override;
};

/// Memory on the stack that is cleansed with its scope.
struct cleansing_block
{
    cleansing_block() noexcept {}

    ~cleansing_block();
    cleansing_block(cleansing_block const&) = delete;
    cleansing_block& operator=(cleansing_block const&) = delete;

    std::array<unsigned char, 768> bytes;
};

/// An answer's body, parsed. Bodies hold tokens: all memory of the document is cleansed with it. Values that
/// outlive it have to be copied, since a copy has the default storage.
class json_document
{
public:
    /// Of a member's name with those before it in its object, which may all have one hash: in all of the text so many are
    /// some milliseconds. An object of 1,400 members has them; no answer of the API has a thousandth.
    static constexpr std::size_t most_comparisons = 1'000'000;

    /// Takes at most 32 levels and `most_comparisons` (trap T47: refuses a BOM, invalid UTF-8 and anything after the value).
    explicit json_document(std::string_view text);
    json_document(json_document const&) = delete;
    json_document& operator=(json_document const&) = delete;

    /// nullptr: the text is no JSON.
    boost::json::value const* root() const noexcept { return valid_ ? &root_ : nullptr; }

private:
    // An answer with a session has some 200 bytes: most documents fit without any allocation.
    cleansing_block first_memory_;
    cleansing_resource heap_;
    boost::json::monotonic_resource memory_;
    boost::json::value root_;
    bool valid_ = false;
};

inline bool has_string(boost::json::object const& object, std::string_view name) noexcept
{
    auto const* member = object.if_contains(name);
    return member != nullptr && member->is_string();
}

} // namespace fluxer::auth::wire

#endif
