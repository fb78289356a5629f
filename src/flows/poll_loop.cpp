#include "flows/poll_loop.hpp"

#include "client/crossing.hpp"
#include "core/poll_schedule.hpp"
#include "flows/failure.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <exception>
#include <utility>

namespace fluxer::auth {

std::string_view to_string(wait_status value) noexcept
{
    switch (value) {
    case wait_status::completed:
        return "completed";
    case wait_status::expired:
        return "expired";
    case wait_status::denied:
        return "denied";
    case wait_status::lost:
        return "lost";
    case wait_status::gave_up:
        return "gave up";
    case wait_status::cancelled:
        return "cancelled";
    }
    return "unknown";
}

poll_options&& poll_options::with_interval(milliseconds value) &&
{
    interval = value;
    return std::move(*this);
}

poll_options&& poll_options::with_deadline(milliseconds value) &&
{
    deadline = value;
    return std::move(*this);
}

poll_options&& poll_options::with_progress(std::function<void(poll_progress const&)> value) &&
{
    on_progress = std::move(value);
    return std::move(*this);
}

namespace flows_detail {

namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

constexpr milliseconds shortest_backoff = std::chrono::seconds(2);
constexpr milliseconds longest_pause = std::chrono::hours(1);
constexpr milliseconds longest_wait = std::chrono::hours(24);

/// A look at what is delivered once needs so much time at least, or it takes what it can no longer deliver.
constexpr milliseconds least_for_a_look{1'000};

core::poll_settings settings_of(poll_options const& options)
{
    core::poll_settings settings;
    settings.interval = options.interval;
    settings.jitter_percent = options.jitter_percent;
    settings.max_backoff = options.max_backoff;
    return settings;
}

/// The request went out, and no whole answer came back.
bool may_have_been_answered(error const& failure)
{
    return failure.request_was_sent() && failure.http_status() == 0;
}

/// One wait from its first look to its end. Beside the coroutines that use it, not in their frames, which would have room
/// for it several times over: thousands may wait at once.
class poll_run
{
public:
    poll_run(client client, std::unique_ptr<poll_target> target, poll_options options)
        : client_(std::move(client))
        , target_(std::move(target))
        , options_(std::move(options))
        , start_(clock::now())
        , schedule_(settings_of(options_), target_->expiry(), deadline())
    {}

    /// Where the wait runs; before all else.
    void stay_on(asio::any_io_executor const& home) { home_ = home; }

    asio::awaitable<wait_outcome> until_the_end()
    {
        std::exception_ptr thrown;
        try {
            while (!over_) {
                auto const seen = co_await target_->look_once(client_, call_limits());
                auto const pause = judge(seen);
                if (!over_)
                    co_await sleep(pause);
            }
        } catch (...) {
            // Of the progress callback: nobody waits any longer, which the target has to know.
            thrown = std::current_exception();
            end(wait_status::gave_up);
        }
        outcome_.elapsed = elapsed();
        target_->ended(client_, outcome_.status, home_);
        if (thrown)
            std::rethrow_exception(thrown);
        co_return std::move(outcome_);
    }

    wait_outcome refuse()
    {
        end(wait_status::cancelled);
        target_->ended(client_, outcome_.status, home_);
        return std::move(outcome_);
    }

private:
    std::optional<clock::time_point> deadline() const
    {
        return options_.deadline ? std::optional(start_ + *options_.deadline) : std::nullopt;
    }

    /// No poll lasts longer than the wait itself.
    call_options call_limits() const
    {
        auto options = options_.call;
        // The loop is what looks again.
        options.max_attempts = options.max_attempts.value_or(1);
        if (auto const end = deadline()) {
            auto const left = std::chrono::ceil<milliseconds>(*end - clock::now());
            if (!options.timeout || *options.timeout > left)
                options.timeout = std::max(left, milliseconds(1));
        }
        return options;
    }

    /// The pause before the next look, unless this was the end.
    milliseconds judge(look const& seen)
    {
        ++outcome_.polls;
        if (seen.error)
            outcome_.error = seen.error;
        switch (seen.what) {
        case look_result::completed:
            outcome_.session = seen.session;
            outcome_.error.reset();
            end(wait_status::completed);
            return {};
        case look_result::denied:
            end(wait_status::denied);
            return {};
        case look_result::hopeless:
            end(seen.error->code() == errc::cancelled ? wait_status::cancelled : wait_status::gave_up);
            return {};
        case look_result::ended:
            if (auto const meaning = target_->judge_end(clock::now() < target_->expiry())) {
                end(*meaning);
                return {};
            }
            return follow(schedule_.soon(clock::now()));
        case look_result::failed:
            if (may_have_been_answered(*seen.error) && target_->reread_window() > milliseconds(0))
                schedule_.answer_lost(clock::now(), target_->reread_window());
            return follow(schedule_.after_failure(clock::now(), seen.error->retry_after()));
        case look_result::pending:
            return follow(schedule_.after_pending(clock::now()));
        }
        return {};
    }

    milliseconds follow(core::poll_schedule::step step)
    {
        if (step.what == core::poll_schedule::verdict::expired)
            end(wait_status::expired);
        else if (step.what == core::poll_schedule::verdict::gave_up)
            end(wait_status::gave_up);
        else
            report(step.pause);
        return step.pause;
    }

    void report(milliseconds pause) const
    {
        if (!options_.on_progress)
            return;
        poll_progress progress;
        progress.polls = outcome_.polls;
        progress.failures_in_a_row = schedule_.failures_in_a_row();
        progress.elapsed = elapsed();
        progress.next_poll_in = pause;
        progress.expires_in = std::chrono::ceil<milliseconds>(target_->expiry() - clock::now());
        options_.on_progress(progress);
    }

    asio::awaitable<void> sleep(milliseconds pause)
    {
        auto const before = co_await asio::this_coro::cancellation_state;
        if (before.cancelled() == asio::cancellation_type::none) {
            // The call before this has put the coroutine's filter back to terminal only.
            co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
            asio::steady_timer timer(co_await asio::this_coro::executor, pause);
            boost::system::error_code ignored;
            co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        auto const after = co_await asio::this_coro::cancellation_state;
        if (after.cancelled() != asio::cancellation_type::none)
            end(wait_status::cancelled);
        else if (is_too_late_for_a_look())
            end(wait_status::gave_up);
    }

    /// A look with too little time left could take a session that is delivered once (contract 9.1), and lose it.
    bool is_too_late_for_a_look() const
    {
        auto const needed = target_->reread_window() > milliseconds(0) ? milliseconds(0) : least_for_a_look;
        auto const last = deadline();
        return last && clock::now() + needed >= *last;
    }

    void end(wait_status status)
    {
        outcome_.status = status;
        over_ = true;
    }

    milliseconds elapsed() const { return std::chrono::duration_cast<milliseconds>(clock::now() - start_); }

    client client_;
    std::unique_ptr<poll_target> target_;
    poll_options options_;
    asio::any_io_executor home_;
    clock::time_point start_;
    core::poll_schedule schedule_;
    wait_outcome outcome_;
    bool over_ = false;
};

class poll_work
{
public:
    explicit poll_work(poll_run& run)
        : run_(run)
    {}

    asio::awaitable<wait_outcome> operator()() { return run_.until_the_end(); }

    wait_outcome refuse() { return run_.refuse(); }

private:
    poll_run& run_;
};

asio::awaitable<wait_outcome> poll_here(std::unique_ptr<poll_run> run)
{
    auto const here = co_await asio::this_coro::executor;
    run->stay_on(here);
    auto outcome = co_await client_detail::perform<wait_outcome>(here, poll_work(*run));
    co_return outcome;
}

asio::awaitable<wait_outcome> refused(std::string problem)
{
    wait_outcome outcome;
    outcome.error = flows::failure(errc::invalid_option, std::move(problem));
    co_return outcome;
}

std::string out_of_range(char const* name, milliseconds value, char const* range)
{
    return std::string(name) + " is " + std::to_string(value.count()) + " ms; it must be " + range;
}

} // namespace

look look_of(error failure)
{
    look seen(look_result::hopeless);
    auto const code = failure.code();
    auto const passing =
        code == errc::timed_out || code == errc::connect_failed || code == errc::resolve_failed ||
        code == errc::proxy_failed || code == errc::tls_failed || code == errc::connection_lost ||
        code == errc::queue_full || code == condition::protocol || code == errc::rate_limited ||
        code == errc::server_error || code == errc::overloaded || code == errc::proxy_error;
    if (passing)
        seen.what = look_result::failed;
    seen.error = std::move(failure);
    return seen;
}

asio::awaitable<wait_outcome> poll(client client, std::unique_ptr<poll_target> target, poll_options options)
{
    if (auto problem = problem_of(options); !problem.empty())
        return refused(std::move(problem));
    return poll_here(std::make_unique<poll_run>(std::move(client), std::move(target), std::move(options)));
}

std::string problem_of(poll_options const& options)
{
    // Less than 2 s is taken as 2 s.
    if (options.interval > longest_pause)
        return out_of_range("interval", options.interval, "2 s-1 h");
    if (options.jitter_percent > 100)
        return "jitter_percent is " + std::to_string(options.jitter_percent) + "; it must be 0-100";
    if (options.max_backoff < shortest_backoff || options.max_backoff > longest_pause)
        return out_of_range("max_backoff", options.max_backoff, "2 s-1 h");
    if (options.deadline && (*options.deadline < milliseconds(1) || *options.deadline > longest_wait))
        return out_of_range("deadline", *options.deadline, "1 ms-24 h");
    return {};
}

} // namespace flows_detail

} // namespace fluxer::auth
