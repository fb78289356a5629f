#ifndef FLUXER_AUTH_TEST_CONFORMANCE_TEXT_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_TEXT_HPP

#include <fluxer/auth/raw.hpp>

#include <boost/json/string.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Written anew instead of taken from the library's src/core: what the tool shares with the library, it can't check.
namespace fluxer::auth::conformance {

using header_list = std::vector<header>;

inline std::string_view view(boost::json::string const& text) noexcept
{
    return {text.data(), text.size()};
}

std::string lower_case(std::string_view text);

bool same_name(std::string_view left, std::string_view right);

/// The first field of that name; nullptr if there is none.
std::string const* find_header(header_list const& headers, std::string_view name);

/// Whether a comma-separated field holds the word, whatever its case.
bool has_word(header_list const& headers, std::string_view name, std::string_view word);

/// Nothing if an escape is malformed.
std::optional<std::string> percent_decoded(std::string_view text);

/// The form in which equivalent targets are equal (RFC 3986 §6.2.2): escapes in upper case, and none that is not needed.
std::string normalised_target(std::string_view target);

/// Blanks of every kind become one.
std::string collapsed(std::string_view text);

} // namespace fluxer::auth::conformance

#endif
