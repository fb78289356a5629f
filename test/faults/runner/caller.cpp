#include "caller.hpp"

#include "answers.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace fluxer::auth::faults {

namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

std::string text_of(std::exception_ptr const& thrown)
{
    try {
        std::rethrow_exception(thrown);
    } catch (std::exception const& e) {
        return e.what();
    } catch (...) {
        return "something unknown";
    }
}

asio::cancellation_type type_of(cancellation_plan::kind how)
{
    if (how == cancellation_plan::kind::partial)
        return asio::cancellation_type::partial;
    return how == cancellation_plan::kind::total ? asio::cancellation_type::total
                                                 : asio::cancellation_type::terminal;
}

} // namespace

caller::caller(std::shared_ptr<signals> hub, stage& server, std::shared_ptr<event_log> events)
    : hub_(std::move(hub))
    , server_(server)
    , events_(std::move(events))
{}

auth::client& caller::client()
{
    if (!client_)
        throw std::runtime_error("the script uses the client after it destroyed it");
    return *client_;
}

void caller::make_client(client_options options)
{
    options.observer = events_;
    client_.emplace(context_.get_executor(), std::move(options));
}

void caller::run(std::vector<action> const& actions, clock::time_point deadline)
{
    asio::co_spawn(context_, run_actions(actions), [this](std::exception_ptr thrown) {
        done_ = true;
        if (thrown)
            found_.add("the script stopped: " + text_of(thrown));
    });
    auto const left = std::chrono::ceil<milliseconds>(deadline - clock::now());
    if (run_until([this] { return done_ && all_ended(); }, left))
        return;
    std::string open;
    for (auto const& calls : calls_)
        if (calls.open > 0)
            open += (open.empty() ? "" : ", ") + calls.name;
    found_.add(
        "the script did not end within its limit_ms; " +
        (open.empty() ? std::string("it waits for a signal") : "calls still running: " + open));
}

asio::awaitable<void> caller::run_actions(std::vector<action> const& actions)
{
    for (auto const& each : actions)
        co_await each(*this);
}

asio::awaitable<void> caller::until(std::string name)
{
    auto const timer = std::make_shared<asio::steady_timer>(context_, clock::time_point::max());
    hub_->when(name, [timer, this] { asio::post(context_, [timer] { timer->cancel(); }); });
    boost::system::error_code ignored;
    co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> caller::pause(milliseconds time)
{
    asio::steady_timer timer(context_, time);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> caller::until_ended(std::vector<std::string> names)
{
    if (names.empty())
        for (auto const& calls : calls_)
            names.push_back(calls.name);
    for (auto const& name : names)
        co_await until("ended:" + name);
}

bool caller::all_ended() const
{
    return std::all_of(calls_.begin(), calls_.end(), [](auto const& calls) { return calls.open == 0; });
}

void caller::start(call_plan const& plan)
{
    auto& calls = calls_.emplace_back();
    calls.name = plan.name;
    calls.plan = &plan;
    calls.open = plan.count;
    for (std::size_t count = 0; count < plan.count; ++count)
        start_one(calls);
    hub_->give("started:" + plan.name);
}

asio::awaitable<reply> caller::one_call(call_plan const& plan)
{
    if (plan.cancel && plan.cancel->before_start) {
        // A coroutine begins within co_spawn, if that is called on its own executor.
        co_await asio::this_coro::throw_if_cancelled(false);
        co_await asio::post(context_, asio::use_awaitable);
    }
    auto work = plan.what.make(client(), plan.options);
    auto got = co_await std::move(work);
    co_return got;
}

void caller::start_one(running_calls& of)
{
    auto& call = of.all.emplace_back();
    call.start = clock::now();
    auto work = one_call(*of.plan);
    asio::co_spawn(
        context_, std::move(work),
        asio::bind_cancellation_slot(
            call.cancellation.slot(), [this, &of, &call](std::exception_ptr thrown, reply got) {
                ended_one(of, call, thrown, std::move(got));
            }));
    if (of.plan->cancel)
        plan_cancellation(of, call);
}

void caller::ended_one(running_calls& of, running_calls::one& call, std::exception_ptr thrown, reply got)
{
    if (++call.completions > 1) {
        found_.add(of.name + ": completed twice");
        return;
    }
    ended_call ended;
    ended.elapsed = std::chrono::floor<milliseconds>(clock::now() - call.start);
    if (thrown) {
        ended.outcome = "thrown";
        ended.thrown = text_of(thrown);
    } else {
        ended.outcome = got.error ? std::string(name_of(got.error->info().code)) : "ok";
    }
    ended.got = std::move(got);
    call.ended = std::move(ended);
    if (--of.open == 0)
        hub_->give("ended:" + of.name);
}

void caller::plan_cancellation(running_calls& of, running_calls::one& call)
{
    auto const& how = *of.plan->cancel;
    if (how.before_start)
        return cancel(call, how);
    auto const after = [this, &call, &how] {
        auto const timer = std::make_shared<asio::steady_timer>(context_, how.after);
        timers_.push_back(timer);
        timer->async_wait(
            [this, timer, &call, &how](boost::system::error_code const&) { cancel(call, how); });
    };
    auto const now = [this, &call, &how] { cancel(call, how); };
    if (how.at.empty())
        after();
    else if (how.after.count() > 0)
        hub_->when(how.at, [this, after] { asio::post(context_, after); });
    else
        hub_->when(how.at, [this, now] { asio::post(context_, now); });
}

void caller::cancel(running_calls::one& call, cancellation_plan const& how)
{
    // Asio leaves the slot as it was when the coroutine ends.
    if (call.ended)
        return;
    if (how.how == cancellation_plan::kind::client)
        client().cancel();
    else
        call.cancellation.emit(type_of(how.how));
}

void caller::forget_cancellations()
{
    for (auto const& each : timers_)
        if (auto const timer = each.lock())
            timer->cancel();
}

void caller::check_calls(std::vector<std::string> const& secrets)
{
    constexpr std::size_t shortest = 6; // what is shorter may be in a text by chance
    auto seen = events_->details();
    for (auto const& calls : calls_) {
        std::vector<ended_call> ended;
        for (auto const& call : calls.all)
            if (call.ended)
                ended.push_back(*call.ended);
        if (calls.open == 0)
            calls.plan->expected.check(ended, calls.name, found_);
        for (auto const& call : ended)
            if (call.got.error)
                seen += call.got.error->to_string() + call.got.error->message();
    }
    for (auto const& each : secrets)
        if (each.size() >= shortest && seen.find(each) != std::string::npos)
            found_.add("a secret of a request is in the text of an error or event");
}

} // namespace fluxer::auth::faults
