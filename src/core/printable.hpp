#ifndef FLUXER_AUTH_CORE_PRINTABLE_HPP
#define FLUXER_AUTH_CORE_PRINTABLE_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace fluxer::auth::core {

/// Text of unknown origin made fit for one line of a log: control characters, line and paragraph separators and
/// bidirectional overrides become blanks, bytes that are not UTF-8 become '?', and what goes beyond
/// `max_characters` becomes "…".
std::string printable(std::string_view text, std::size_t max_characters = 200);

/// The same, with everything that has the form of a token or ticket replaced: a server or proxy may echo one
/// (contract 2.3).
std::string printable_without_tokens(std::string_view text, std::size_t max_characters = 200);

} // namespace fluxer::auth::core

#endif
