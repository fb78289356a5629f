#ifndef FLUXER_AUTH_CLI_SOAK_CALLERS_HPP
#define FLUXER_AUTH_CLI_SOAK_CALLERS_HPP

#include "cli/chaos_plan.hpp"
#include "cli/soak_ledger.hpp"

#include <fluxer/auth/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace fluxer::auth::cli {

/// An account that one caller has for itself, so that its user id tells whose an answer is.
struct soak_account
{
    soak_account() = default;

    std::string email;
    std::string user_id;
};

/// Callers that use one client at the same time, without an end: each makes one call after the other, checks that the
/// answer is its own, and now and then cancels a call. On the client's executor, which one thread runs.
class soak_callers
{
public:
    /// @param password of all accounts
    /// @param seed decides which calls are made, and which are cancelled when
    soak_callers(client users, std::vector<soak_account> accounts, secret password, std::uint64_t seed);

    /// Has them end if stop() has not.
    ~soak_callers();

    soak_callers(soak_callers const&) = delete;
    soak_callers& operator=(soak_callers const&) = delete;

    /// Waits until each caller has ended its call and makes no other.
    /// @param most how long to wait
    /// @returns whether all have
    boost::asio::awaitable<bool> stop(std::chrono::steady_clock::duration most);

    soak_ledger const& ledger() const noexcept;

    struct state;

private:
    std::shared_ptr<state> state_;
};

} // namespace fluxer::auth::cli

#endif
