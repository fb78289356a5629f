#include "cli/drive.hpp"

#include "cli/drive_flows.hpp"
#include "cli/shielded.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>
#include <exception>
#include <list>
#include <string>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr auto grace = 3s;             // more than the pause between two polls
constexpr auto longest_unwinding = 5s; // of flows that were cancelled
constexpr auto tick = 100ms;

/// Starts flows when they are due and there is room for them. The flows own it together with who has made it, as they
/// may end after that.
class launcher : public std::enable_shared_from_this<launcher>
{
public:
    launcher(asio::any_io_executor executor, drive_plan plan, std::shared_ptr<operation_recorder> recorder)
        : executor_(executor)
        , plan_(std::move(plan))
        , tools_(client(executor, std::move(plan_.options).with_observer(std::move(recorder))))
        , due_timer_(executor)
        , end_(executor)
        , begin_(clock::now())
    {
        tools_.mailbox = plan_.mailbox;
        tools_.new_addresses = plan_.new_addresses;
        tools_.timeout = plan_.timeout;
        if (plan_.schedule)
            next_due_ = begin_ + plan_.schedule->next();
    }

    client& users() noexcept { return tools_.users; }

    drive_ledger const& ledger() const noexcept { return ledger_; }

    bool has_ended() const noexcept
    {
        return under_way_.empty() && (stopping_ || next_ == plan_.flows.size());
    }

    void start_due()
    {
        auto const now = clock::now();
        while (!stopping_ && next_ < plan_.flows.size() && under_way_.size() < plan_.concurrency) {
            if (plan_.schedule && next_due_ > now)
                return start_later();
            start(plan_.schedule ? next_due_ : now);
            if (plan_.schedule)
                next_due_ = begin_ + plan_.schedule->next();
        }
        if (has_ended())
            end_.cancel();
    }

    void stop()
    {
        stopping_ = true;
        due_timer_.cancel();
    }

    void cancel()
    {
        cancelled_ = true;
        for (auto& each : under_way_)
            if (!each.ended)
                each.cancel.emit(asio::cancellation_type::terminal);
    }

    /// Waits until all flows have ended; not for longer, and on cancellation not at all.
    /// @returns whether they have
    asio::awaitable<bool> wait_until(clock::time_point most)
    {
        if (!has_ended()) {
            end_.expires_at(most);
            boost::system::error_code ignored;
            co_await end_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        co_return has_ended();
    }

    void report_progress()
    {
        if (!plan_.on_progress)
            return;
        drive_progress now;
        now.recent_rate = recent_rate();
        now.flows = plan_.flows.size();
        now.in_flight = under_way_.size();
        now.elapsed = clock::now() - begin_;
        now.ledger = &ledger_;
        plan_.on_progress(now);
    }

private:
    struct flow_under_way
    {
        asio::cancellation_signal cancel;
        bool ended = false;
    };

    double recent_rate()
    {
        auto const now = clock::now();
        auto const ended = ledger_.total().ended();
        while (!recent_.empty() && recent_.front().first < now - 10s)
            recent_.pop_front();
        recent_.emplace_back(now, ended);
        auto const& [since, before] = recent_.front();
        std::chrono::duration<double> const time = now - since;
        return time.count() > 0 ? static_cast<double>(ended - before) / time.count() : 0.0;
    }

    void start_later()
    {
        if (due_timer_.expiry() == next_due_)
            return;
        due_timer_.expires_at(next_due_);
        due_timer_.async_wait([self = shared_from_this()](boost::system::error_code stopped) {
            if (!stopped)
                self->start_due();
        });
    }

    void start(clock::time_point due)
    {
        auto const kind = plan_.flows[next_++];
        flow_times when;
        when.due = due;
        when.started = clock::now();
        ledger_.start(kind);
        auto const place = under_way_.emplace(under_way_.end());
        auto on_end = [self = shared_from_this(), kind, when,
                       place](std::exception_ptr thrown, flow_result result) {
            place->ended = true;
            self->enter_end(kind, when, thrown, std::move(result));
            // Not from here, within the flow: it still has the signal, and the next one might end at once too.
            asio::post(self->executor_, [self, place] {
                self->under_way_.erase(place);
                self->start_due();
            });
        };
        asio::co_spawn(
            executor_, run_flow(tools_, kind, plan_.people.next(kind)),
            asio::bind_cancellation_slot(place->cancel.slot(), std::move(on_end)));
    }

    void enter_end(flow_kind kind, flow_times when, std::exception_ptr const& thrown, flow_result result)
    {
        when.ended = result.signed_in;
        if (thrown)
            result.failure = failure_of(thrown);
        if (result.failure && cancelled_)
            ledger_.cancel(kind);
        else if (result.failure)
            ledger_.fail(kind, std::move(*result.failure));
        else
            ledger_.complete(kind, when);
    }

    static flow_failure failure_of(std::exception_ptr const& thrown)
    {
        try {
            std::rethrow_exception(thrown);
        } catch (std::exception const& e) {
            return {"mailbox", e.what()};
        }
    }

    asio::any_io_executor executor_;
    drive_plan plan_;
    drive_tools tools_;
    asio::steady_timer due_timer_;
    asio::steady_timer end_; ///< cancelled when the last flow has ended
    clock::time_point begin_;
    clock::time_point next_due_; ///< of an open loop
    std::size_t next_ = 0;
    std::list<flow_under_way> under_way_;
    drive_ledger ledger_;
    std::deque<std::pair<clock::time_point, std::uint64_t>> recent_; ///< when how many had ended
    bool stopping_ = false;
    bool cancelled_ = false;
};

/// Waits until all flows have ended, or this coroutine is cancelled.
/// @returns whether it was
asio::awaitable<bool> watch(launcher& flows)
{
    for (;;) {
        auto const ended = co_await flows.wait_until(clock::now() + tick);
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        flows.report_progress();
        if (cancellation.cancelled() != asio::cancellation_type::none)
            co_return true;
        if (ended)
            co_return false;
    }
}

/// @returns whether all flows have ended
asio::awaitable<bool> end_early(launcher& flows)
{
    flows.stop();
    auto ended = co_await flows.wait_until(clock::now() + grace);
    if (!ended) {
        flows.cancel();
        auto const most = clock::now() + longest_unwinding;
        // A wait may be woken before its time.
        while (!ended && clock::now() < most)
            ended = co_await flows.wait_until(std::min(clock::now() + tick, most));
    }
    co_return ended;
}

} // namespace

asio::awaitable<void> run_drive(drive_plan plan, drive_outcome& outcome)
{
    // An interruption ends the watch, and nothing that comes after it.
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const executor = co_await asio::this_coro::executor;
    auto const begin = clock::now();
    outcome.operations = std::make_shared<operation_recorder>(begin + time_to_learn);
    auto const flows = std::make_shared<launcher>(executor, std::move(plan), outcome.operations);
    flows->start_due();
    outcome.interrupted = co_await watch(*flows);
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    if (outcome.interrupted) {
        auto const all_ended = co_await end_early(*flows);
        outcome.stuck = !all_ended;
    }
    outcome.took = clock::now() - begin;
    co_await shielded(flows->users().shutdown(1s));
    outcome.ledger = flows->ledger();
    outcome.stats = flows->users().stats();
}

} // namespace fluxer::auth::cli
