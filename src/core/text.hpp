#ifndef FLUXER_AUTH_CORE_TEXT_HPP
#define FLUXER_AUTH_CORE_TEXT_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace fluxer::auth::core {

/// The length that the server compares with its limits: UTF-16 code units of what is left when control
/// characters are stripped and blanks trimmed (contract 2).
///
/// @param text valid UTF-8
std::size_t counted_length(std::string_view text) noexcept;

/// What the server makes of a string before it looks at it (contract 2). Copies: not for secrets.
///
/// @param text valid UTF-8
std::string normalised(std::string_view text);

constexpr bool is_digit(char character) noexcept
{
    return character >= '0' && character <= '9';
}

/// Whether a header may hold it in one word: 0x21-0x7E only.
bool is_visible_ascii(std::string_view text) noexcept;

/// Letters of ASCII only.
std::string lower_case(std::string_view text);

} // namespace fluxer::auth::core

#endif
