#include "core/retry.hpp"

#include <algorithm>
#include <utility>

namespace fluxer::auth::core {

namespace {

constexpr std::uint64_t whole = 100;

retry_verdict refuse(std::string_view reason)
{
    retry_verdict verdict;
    verdict.worth_telling = true;
    verdict.reason = reason;
    return verdict;
}

} // namespace

bool passes_by_itself(int status) noexcept
{
    return status == 502 || status == 503 || status == 504;
}

bool passes_by_itself(error_info const& failed) noexcept
{
    if (failed.http_status != 0)
        return passes_by_itself(failed.http_status);
    // A proxy that refuses, the credentials maybe, does so again, and may count: only what has a cause may pass.
    if (failed.code == errc::proxy_failed)
        return static_cast<bool>(failed.cause);
    return failed.code == errc::resolve_failed || failed.code == errc::connect_failed ||
           failed.code == errc::tls_failed || failed.code == errc::connection_lost;
}

retry_budget::retry_budget(unsigned percent, unsigned reserve) noexcept
    : percent_(percent)
    , most_(reserve * whole)
    , balance_(most_)
{}

void retry_budget::call_started() noexcept
{
    balance_ = std::min(most_, balance_ + percent_);
}

bool retry_budget::take() noexcept
{
    if (balance_ < whole)
        return false;
    balance_ -= whole;
    return true;
}

retry_policy::retry_policy(retry_options const& options, backoff::random_function random)
    : backoff_(options.base_pause, options.max_pause)
    , budget_(options.budget_percent, options.budget_reserve)
    , random_(std::move(random))
{}

retry_verdict retry_policy::decide(failed_attempt const& failed)
{
    if (!failed.passing || failed.max_attempts <= 1)
        return {};
    if (!failed.repeatable)
        return refuse("the operation must not be repeated");
    if (failed.failures >= failed.max_attempts)
        return refuse("all attempts were made (retry.max_attempts)");
    // A server's wish is a minimum; the jitter on top keeps clients that were told the same from coming together.
    auto const pause =
        failed.retry_after.value_or(milliseconds(0)) + backoff_.pause(failed.failures, random_);
    if (pause >= failed.time_left)
        return refuse(
            failed.retry_after ? "the server asks for a pause that outlasts the call"
                               : "the pause would outlast the call");
    if (!budget_.take())
        return refuse("the client's budget for further attempts is used up (retry.budget_percent)");
    retry_verdict verdict;
    verdict.again = true;
    verdict.pause = pause;
    verdict.reason = failed.retry_after ? "after the pause that the server asked for" : "after a pause";
    return verdict;
}

} // namespace fluxer::auth::core
