#ifndef FLUXER_AUTH_SNOWFLAKE_HPP
#define FLUXER_AUTH_SNOWFLAKE_HPP

#include <fluxer/auth/config.hpp>

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth {

/// An id of the platform: a decimal string on the wire (contract 2.3), kept exactly as it came.
class FLUXER_AUTH_DECL snowflake
{
public:
    snowflake() = default;
    snowflake(std::string text);
    snowflake(char const* text);
    explicit snowflake(std::uint64_t number);

    std::string const& str() const noexcept { return text_; }

    bool empty() const noexcept { return text_.empty(); }

    /// The numeric value; nothing if the text is not `^(0|[1-9][0-9]*)$` or does not fit below 2^63.
    std::optional<std::uint64_t> number() const noexcept;

    friend bool operator==(snowflake const&, snowflake const&) = default;
    /// Ids as the numbers they are, so that an older one comes first. What is no decimal number, as an empty one, comes before
    /// them, by its text.
    friend FLUXER_AUTH_DECL std::strong_ordering operator<=>(
        snowflake const& left, snowflake const& right) noexcept;
    friend FLUXER_AUTH_DECL std::ostream& operator<<(std::ostream& out, snowflake const& id);

private:
    std::string text_;
};

} // namespace fluxer::auth

#endif
