#ifndef FLUXER_AUTH_TEST_CONFORMANCE_RECORDING_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_RECORDING_HPP

#include "text.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth::conformance {

struct recorded_request
{
    std::string method;
    std::string path; ///< with query
    header_list headers;
    std::optional<std::string> body;
    /// Empty, or why the request can't be sent as it was: JSON can't hold every byte.
    std::string lost;
};

struct recorded_response
{
    int status = 0;
    std::string status_line;
    header_list headers;
    std::string body;
    std::string lost;
};

/// One recorded exchange with a Fluxer server.
struct recording
{
    std::string name;      ///< the file's, without extension
    std::string operation; ///< an operation's id, or "general"
    recorded_request request;
    recorded_response response;
    std::string problem; ///< why the file is no recording; empty: it is one
};

/// The recordings of a folder, by name. Throws std::runtime_error if the folder can't be read.
std::vector<recording> load_recordings(std::filesystem::path const& folder);

} // namespace fluxer::auth::conformance

#endif
