#include <fluxer/auth/rate.hpp>

#include <benchmark/benchmark.h>

#include <stdexcept>
#include <string>

namespace {

using namespace fluxer::auth;

rate_request request_of(std::size_t session)
{
    rate_limit_key key;
    key.scope = rate_scope::global;
    key.bucket = "global";
    key.subject = "session:" + std::to_string(session);
    // Never in the way.
    key.limit = 1'000'000'000;
    rate_request made;
    made.operation = operation::list_auth_sessions;
    made.keys.push_back(std::move(key));
    return made;
}

/// One request is let through and answered, among so many sessions that are counted.
void ask_governor(benchmark::State& state)
{
    local_rate_governor governor;
    auto const sessions = static_cast<std::size_t>(state.range(0));
    std::vector<rate_request> requests;
    for (std::size_t session = 0; session < sessions; ++session)
        requests.push_back(request_of(session));
    std::uint64_t ticket = 0;
    for ([[maybe_unused]] auto const turn : state) {
        auto& request = requests[ticket % sessions];
        request.ticket = ++ticket;
        governor.acquire(request, [](result<rate_verdict> verdict) {
            if (!verdict || !verdict->granted)
                throw std::runtime_error("the governor is in the way");
        });
        governor.learn(request, {});
    }
}

BENCHMARK(ask_governor)->Arg(1)->Arg(1'000);

} // namespace
