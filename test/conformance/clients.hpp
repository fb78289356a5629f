#ifndef FLUXER_AUTH_TEST_CONFORMANCE_CLIENTS_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_CLIENTS_HPP

#include "driver.hpp"
#include "recording.hpp"
#include "stage.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <utility>

namespace fluxer::auth::conformance {

/// A client of the stage, and whether it should have a connection that is ready.
struct caller
{
    explicit caller(client made)
        : library(std::move(made))
    {}

    client library;
    std::size_t idle = 0;
};

/// A client for each kind of request: what belongs to the client's options can't vary from call to call.
class clients
{
public:
    explicit clients(stage const& server)
        : server_(server)
    {}

    driver& runner() noexcept { return runner_; }

    caller& of(recorded_request const& request);

private:
    stage const& server_;
    driver runner_;
    std::map<std::pair<std::string, std::string>, caller> callers_; // by User-Agent and path prefix
};

} // namespace fluxer::auth::conformance

#endif
