#ifndef FLUXER_AUTH_CORE_UTF8_HPP
#define FLUXER_AUTH_CORE_UTF8_HPP

#include <cstddef>
#include <string_view>

namespace fluxer::auth::core {

struct code_point
{
    static constexpr char32_t invalid = 0xFFFFFFFF;

    char32_t value = invalid;
    std::size_t bytes = 1;

    bool is_valid() const noexcept { return value != invalid; }

    std::size_t utf16_units() const noexcept { return value > 0xFFFF ? 2 : 1; }
};

/// The first character of a text that is not empty; an invalid one has one byte.
///
/// Strict (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
code_point first_code_point(std::string_view text) noexcept;

bool is_valid_utf8(std::string_view text) noexcept;

} // namespace fluxer::auth::core

#endif
