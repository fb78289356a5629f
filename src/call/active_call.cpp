#include "call/active_call.hpp"

#include "core/options_check.hpp"

#include <utility>

namespace fluxer::auth::call {

active_call::active_call(
    std::shared_ptr<engine> of, operation what, bool repeatable_, milliseconds timeout,
    unsigned max_attempts_)
    : call_link(of->timers_, timeout)
    , repeatable(repeatable_)
    , max_attempts(max_attempts_)
    , of_(std::move(of))
    , operation_(what)
    , number_(++of_->last_call_)
{
    of_->active_.push_back(*this);
    ++of_->counters_->calls_started;
    ++of_->counters_->calls_in_flight;
    emit(event_kind::call_start);
}

active_call::~active_call()
{
    // A coroutine that was destroyed while suspended ends its call too.
    if (ended_ == ending::none)
        end(ending::cancelled, make_error_code(errc::cancelled), 0);
    unlink();
    if (of_->active_.empty()) {
        for (auto* const watcher : of_->idle_watchers_)
            watcher->cancel();
    }
}

error_info active_call::describe() const
{
    error_info info;
    info.operation = operation_;
    info.attempts = attempts;
    info.elapsed = dog.elapsed();
    info.request_was_sent = request_was_sent;
    info.answer_began = answer_began;
    info.repeatable = repeatable;
    if (remote)
        info.remote_endpoint = *remote;
    return info;
}

answered_call active_call::answered() const
{
    answered_call made;
    made.operation = operation_;
    made.repeatable = repeatable;
    made.attempts = attempts;
    made.elapsed = dog.elapsed();
    made.remote = remote;
    return made;
}

error_info active_call::describe(net::failure const& why) const
{
    auto info = describe();
    info.code = why.code;
    info.phase = why.phase;
    info.cause = why.cause;
    info.message = why.message;
    info.limit = why.limit;
    if (!why.remote.empty())
        info.remote_endpoint = why.remote;
    return info;
}

std::optional<error> active_call::refusal(call_options const& options)
{
    if (auto bad = core::check(options)) {
        auto info = describe();
        info.code = errc::invalid_request;
        info.message = std::move(bad->message);
        info.fields = std::move(bad->fields);
        return fail(std::move(info));
    }
    if (of_->shut_down_)
        return fail(net::failure(errc::shut_down, phase::validation, {}, "the client was shut down"));
    if (dog.over()) {
        net::failure late(errc::timed_out, phase::validation, {}, "the time was over before the call began");
        late.limit = dog.limit();
        return fail(late);
    }
    return std::nullopt;
}

error active_call::fail(net::failure const& why)
{
    return fail(describe(why));
}

error active_call::fail(error_info info)
{
    auto const code = make_error_code(info.code);
    auto const how = info.code == errc::cancelled ? ending::cancelled : ending::failed;
    auto const status = info.http_status;
    error made(std::move(info));
    end(how, code, status);
    return made;
}

error active_call::fail_cancelled(phase where)
{
    net::failure why(errc::cancelled, where, {}, "cancelled");
    return fail(why);
}

void active_call::succeed(int status)
{
    end(ending::succeeded, {}, status);
}

void active_call::emit(event_kind kind, event what) const
{
    if (!of_->events_->wanted())
        return;
    what.kind = kind;
    what.operation = operation_;
    what.call = number_;
    what.attempt = attempts;
    what.connection = connection;
    of_->events_->emit(what);
}

void active_call::emit_since(event_kind kind, net::time_point start, event what) const
{
    if (!of_->events_->wanted())
        return;
    what.duration = of_->events_->since(start);
    emit(kind, what);
}

void active_call::request_sent()
{
    emit_since(event_kind::request_sent, attempt_start);
}

void active_call::first_byte()
{
    emit_since(event_kind::first_byte, attempt_start);
}

void active_call::end(ending how, boost::system::error_code code, int status)
{
    ended_ = how;
    auto& counters = *of_->counters_;
    // The gauge last: whoever reads it from another thread finds the call counted.
    if (how == ending::succeeded)
        ++counters.calls_succeeded;
    else if (how == ending::cancelled)
        ++counters.calls_cancelled;
    else
        ++counters.calls_failed;
    --counters.calls_in_flight;
    event what;
    what.code = code;
    what.status = status;
    emit_since(event_kind::call_end, dog.start(), what);
}

} // namespace fluxer::auth::call
