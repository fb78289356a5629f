#include "flows/poll_loop.hpp"

#include "client/perform.hpp"
#include "core/poll_schedule.hpp"
#include "flows/failure.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
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

/// Nothing differs from the client's own.
bool says_nothing(call_options const& options)
{
    return !options.timeout && !options.captcha && !options.sudo_token && options.request_id.empty() &&
           options.accept_language.empty() && !options.max_attempts && !options.rate_mode &&
           options.headers.empty();
}

/// The request went out, and no whole answer came back.
bool may_have_been_answered(error const& failure)
{
    return failure.request_was_sent() && failure.http_status() == 0;
}

/// One wait from its first look to its end, made of steps as a call is (call::call_run). Beside the coroutine that takes
/// them, not in its frame, which would have room for it several times over: thousands may wait at once. For their sake it
/// holds what most of them need, and the rest elsewhere.
class poll_run
{
public:
    enum class step { over, wait, detour };

    poll_run(client client, std::unique_ptr<poll_target> target, poll_options options)
        : client_(std::move(client))
        , target_(std::move(target))
        , settings_(settings_of(options))
        , patience_(options.deadline)
        , on_progress_(std::move(options.on_progress))
    {
        if (!says_nothing(options.call))
            call_ = std::make_unique<call_options>(std::move(options.call));
    }

    /// Where the wait runs; before all else. Its time begins now, not when it was made to be awaited later.
    void stay_on(asio::any_io_executor const& home)
    {
        timer_.emplace(home);
        start_ = clock::now();
        schedule_.emplace(settings_, target_->last_look(), deadline());
    }

    step advance()
    {
        if (over_)
            conclude();
        else if (pausing_)
            timer_->expires_at(next_look_);
        if (over_)
            return step::over;
        return pausing_ ? step::wait : step::detour;
    }

    /// The end of the pause.
    auto ready()
    {
        // In this Asio redirect_error takes handlers, but not deferred.
        return asio::async_initiate<asio::deferred_t const, void()>(
            [this](auto handler) {
                timer_->async_wait(asio::redirect_error(std::move(handler), wait_error_));
            },
            asio::deferred);
    }

    /// A look.
    asio::awaitable<void> detour()
    {
        auto const seen = co_await target_->look_once(client_, call_limits());
        judge(seen);
    }

    void waited(bool cancelled)
    {
        if (over_)
            return;
        if (cancelled)
            end(wait_status::cancelled);
        else if (pausing_ && is_too_late_for_a_look())
            end(wait_status::gave_up);
        pausing_ = !pausing_;
    }

    /// Of the progress callback, or for want of memory: nobody waits any longer, which the target has to know.
    void broke_off()
    {
        if (!over_)
            end(wait_status::gave_up);
        conclude();
    }

    wait_outcome refuse()
    {
        end(wait_status::cancelled);
        conclude();
        return result();
    }

    wait_outcome result()
    {
        wait_outcome outcome;
        outcome.status = status_;
        if (session_)
            outcome.session = std::move(*session_);
        outcome.error = std::move(error_);
        outcome.polls = polls_;
        outcome.elapsed = elapsed_;
        return outcome;
    }

private:
    std::optional<clock::time_point> deadline() const
    {
        return patience_ ? std::optional(start_ + *patience_) : std::nullopt;
    }

    /// No poll lasts longer than the wait itself.
    call_options call_limits() const
    {
        auto options = call_ ? *call_ : call_options();
        // The loop is what looks again.
        options.max_attempts = options.max_attempts.value_or(1);
        if (auto const end = deadline()) {
            auto const left = std::chrono::ceil<milliseconds>(*end - clock::now());
            if (!options.timeout || *options.timeout > left)
                options.timeout = std::max(left, milliseconds(1));
        }
        return options;
    }

    /// Whether there is to be another look, and when.
    void judge(look const& seen)
    {
        ++polls_;
        if (seen.error)
            error_ = seen.error;
        switch (seen.what) {
        case look_result::completed:
            if (seen.session)
                session_ = std::make_unique<auth::session>(*seen.session);
            error_.reset();
            end(wait_status::completed);
            break;
        case look_result::denied:
            end(wait_status::denied);
            break;
        case look_result::hopeless:
            end(seen.error->code() == errc::cancelled ? wait_status::cancelled : wait_status::gave_up);
            break;
        case look_result::ended:
            if (auto const meaning = target_->judge_end())
                end(*meaning);
            else
                follow(schedule_->soon(clock::now()));
            break;
        case look_result::failed:
            if (may_have_been_answered(*seen.error) && target_->reread_window() > milliseconds(0))
                schedule_->answer_lost(clock::now(), target_->reread_window());
            follow(
                schedule_->after_failure(clock::now(), seen.error->retry_after(), target_->reread_window()));
            break;
        case look_result::pending:
            follow(schedule_->after_pending(clock::now()));
            break;
        }
    }

    void follow(core::poll_schedule::step step)
    {
        next_look_ = step.at;
        if (step.what == core::poll_schedule::verdict::expired)
            end(target_->judge_expiry());
        else if (step.what == core::poll_schedule::verdict::gave_up)
            end(wait_status::gave_up);
        else
            report(step.pause);
    }

    void report(milliseconds pause) const
    {
        if (!on_progress_)
            return;
        poll_progress progress;
        progress.polls = polls_;
        progress.failures_in_a_row = schedule_->failures_in_a_row();
        progress.elapsed = since_start();
        progress.next_poll_in = pause;
        progress.expires_in =
            std::max(std::chrono::ceil<milliseconds>(target_->expiry() - clock::now()), milliseconds(0));
        on_progress_(progress);
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
        status_ = status;
        over_ = true;
    }

    void conclude()
    {
        if (std::exchange(concluded_, true))
            return;
        elapsed_ = since_start();
        target_->ended(client_, status_, timer_->get_executor());
    }

    milliseconds since_start() const
    {
        return std::chrono::duration_cast<milliseconds>(clock::now() - start_);
    }

    client client_;
    std::unique_ptr<poll_target> target_;
    core::poll_settings settings_;
    std::optional<milliseconds> patience_;
    std::function<void(poll_progress const&)> on_progress_;
    std::unique_ptr<call_options> call_; ///< none: as the client's
    std::optional<asio::steady_timer> timer_;
    boost::system::error_code wait_error_;
    clock::time_point start_{};
    clock::time_point next_look_{};
    std::optional<core::poll_schedule> schedule_;
    std::unique_ptr<auth::session> session_;
    std::optional<error> error_;
    milliseconds elapsed_{0}; ///< at the end
    unsigned polls_ = 0;
    wait_status status_ = wait_status::gave_up;
    bool over_ = false;
    bool concluded_ = false;
    bool pausing_ = false;
};

class poll_work
{
public:
    using step = poll_run::step;

    explicit poll_work(std::unique_ptr<poll_run> run)
        : run_(std::move(run))
    {}

    void stay_on(asio::any_io_executor const& home) { run_->stay_on(home); }

    poll_run& steps() noexcept { return *run_; }

    void broke_off() { run_->broke_off(); }

    wait_outcome refuse() { return run_->refuse(); }

private:
    std::unique_ptr<poll_run> run_;
};

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

bool is_page_404(error const& failure)
{
    return failure.http_status() == 404 && failure.api_code() == api_code::none;
}

look look_of(error const& failure)
{
    look seen(look_result::hopeless);
    auto const code = failure.code();
    auto const passing = code == errc::timed_out || code == errc::connect_failed ||
                         code == errc::resolve_failed || code == errc::proxy_failed ||
                         code == errc::tls_failed || code == errc::connection_lost ||
                         code == errc::queue_full || code == condition::protocol ||
                         code == errc::rate_limited || code == errc::server_error ||
                         code == errc::overloaded || code == errc::proxy_error || is_page_404(failure);
    if (passing)
        seen.what = look_result::failed;
    seen.error = failure;
    return seen;
}

asio::awaitable<wait_outcome> poll(client client, std::unique_ptr<poll_target> target, poll_options options)
{
    if (auto problem = problem_of(options); !problem.empty())
        return refused(std::move(problem));
    return client_detail::perform(
        poll_work(std::make_unique<poll_run>(std::move(client), std::move(target), std::move(options))),
        std::identity());
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
