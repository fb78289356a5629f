#ifndef FLUXER_AUTH_TEST_CONFORMANCE_STAGE_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_STAGE_HPP

#include "recording.hpp"

#include "scripted/certificates.hpp"
#include "scripted/server.hpp"

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace fluxer::auth::conformance {

/// An answer as it goes over the wire.
struct staged_answer
{
    header_list headers; ///< those of the recording, with what it lost made up for
    std::string bytes;
    bool closes = false; ///< the connection ends with it
};

/// @param to_method the method of the request that it answers: HEAD has answers without a body
staged_answer stage_answer(recorded_response const& response, std::string_view to_method);

/// The one server of a run: notes what arrives and gives the answer that was set before.
class stage
{
public:
    stage();

    std::string const& certificates() const noexcept { return certificates_; }

    unsigned short port() const noexcept { return server_.port(); }

    std::size_t connections() const noexcept { return server_.connections(); }

    /// From now on every request gets this answer.
    void set(staged_answer answer);

    /// The requests that have arrived since set().
    std::vector<std::string> arrived() const;

private:
    explicit stage(test::authority const& issuer);

    void serve(test::peer& client);

    mutable std::mutex mutex_;
    staged_answer answer_;
    std::vector<std::string> arrived_;
    std::string certificates_;
    // The last one: its threads end before what they use.
    test::scripted_server server_;
};

} // namespace fluxer::auth::conformance

#endif
