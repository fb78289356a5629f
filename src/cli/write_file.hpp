#ifndef FLUXER_AUTH_CLI_WRITE_FILE_HPP
#define FLUXER_AUTH_CLI_WRITE_FILE_HPP

#include <string>
#include <string_view>

namespace fluxer::auth::cli {

/// Makes it the file's only content.
/// @throws std::runtime_error
void write_file(std::string const& path, std::string_view text);

} // namespace fluxer::auth::cli

#endif
