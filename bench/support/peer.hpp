#ifndef FLUXER_AUTH_BENCH_SUPPORT_PEER_HPP
#define FLUXER_AUTH_BENCH_SUPPORT_PEER_HPP

#include "support/settings.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace fluxer::auth::bench {

/// The program of one peer: reads the command line, has it work and prints the result as one line of JSON.
/// @param work throws std::exception for anything that does not go as it should, an answer other than 200 included
/// @returns the exit code of main
int run_peer(
    std::string_view name, int count, char const* const* arguments,
    boost::json::object (*work)(settings const& how));

/// For a mode that a peer does not have.
[[noreturn]] void refuse(settings const& how);

} // namespace fluxer::auth::bench

#endif
