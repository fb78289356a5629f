#include "call/ask_governor.hpp"
#include "call/call_run.hpp"
#include "call/pause.hpp"
#include "call/transport_call.hpp"
#include "core/leaky_buckets.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

// What a call waits for beside its connection's readiness.

namespace fluxer::auth::call {

namespace asio = boost::asio;
using net::interruption;

namespace {

bool is_cancelled(asio::cancellation_state const& state)
{
    return state.cancelled() != asio::cancellation_type::none;
}

} // namespace

asio::awaitable<void> call_run::detour()
{
    switch (stage_) {
    case stage::permit:
        co_await wait_for_permit(engine_->gate_->mode(options_));
        break;
    case stage::recheck:
        co_await ask_with_connection();
        break;
    case stage::pause:
        co_await pause(engine_->executor_, *engine_->timers_, call_->dog, phase::retry_wait, call_->pause);
        cancelled_ = is_cancelled(co_await asio::this_coro::cancellation_state);
        if (auto ended = ended_meanwhile(phase::retry_wait))
            finish(std::move(ended));
        else
            stage_ = stage::acquire;
        break;
    default:
        co_await through_transport();
    }
}

asio::awaitable<void> call_run::through_transport()
{
    std::exception_ptr thrown;
    try {
        co_await exchange(
            engine_->executor_, engine_->way_back_, engine_->options_.transport, bytes_.view(),
            engine_->options_.limits, call_->dog, got_);
    } catch (...) {
        thrown = std::current_exception();
    }
    end_attempt(thrown != nullptr);
    if (thrown)
        std::rethrow_exception(thrown);
    follow(conclude());
}

std::optional<error> call_run::ended_meanwhile(phase where)
{
    auto why = call_->dog.interrupted();
    if (why == interruption::none && cancelled_)
        why = interruption::cancelled;
    if (why == interruption::none && engine_->shut_down_ && where != phase::queue)
        why = interruption::shut_down;
    switch (why) {
    case interruption::none:
        break;
    case interruption::timed_out: {
        auto late = engine_->pool_->explain_timeout(call_->dog);
        if (where != phase::queue)
            late = net::failure(errc::timed_out, where, {}, {});
        late.limit = call_->dog.limit();
        return call_->fail(late);
    }
    case interruption::shut_down:
        return call_->fail(net::failure(errc::shut_down, where, {}, "the client was shut down"));
    case interruption::cancelled:
        return call_->fail_cancelled(where);
    }
    return std::nullopt;
}

asio::awaitable<void> call_run::wait_for_permit(rate_mode mode)
{
    for (auto told = false;;) {
        auto const answered =
            co_await ask_governor(engine_->executor_, engine_->way_back_, call_->permit, call_->dog);
        if (answered && answered->granted)
            call_->permit.granted();
        cancelled_ = is_cancelled(co_await asio::this_coro::cancellation_state);
        // A coroutine of co_spawn that ends cancelled without ever having waited makes this Asio throw out of run().
        if (cancelled_)
            co_await asio::post(asio::use_awaitable);
        if (auto ended = ended_meanwhile(phase::rate_limit))
            co_return finish(std::move(ended));
        if (answered.has_error()) {
            auto const& info = answered.error().info();
            co_return finish(
                call_->fail(net::failure(info.code, phase::rate_limit, info.cause, info.message)));
        }
        if (answered->granted) {
            stage_ = stage::connect;
            co_return;
        }
        if (mode == rate_mode::fail_fast || answered->wait > call_->dog.time_left())
            co_return finish(refuse(*answered));
        if (!std::exchange(told, true)) {
            event what;
            what.duration = answered->wait;
            what.detail = answered->bucket;
            call_->emit(event_kind::throttled, what);
        }
        co_await pause(
            engine_->executor_, *engine_->timers_, call_->dog, phase::rate_limit,
            std::min(answered->wait, core::leaky_buckets::longest_wait));
        cancelled_ = is_cancelled(co_await asio::this_coro::cancellation_state);
        if (auto ended = ended_meanwhile(phase::rate_limit))
            co_return finish(std::move(ended));
    }
}

// With the connection in hand: given on, it would go round all that wait, who have none either.
asio::awaitable<void> call_run::ask_with_connection()
{
    auto const again =
        co_await ask_governor(engine_->executor_, engine_->way_back_, call_->permit, call_->dog);
    if (again && again->granted)
        call_->permit.granted();
    cancelled_ = is_cancelled(co_await asio::this_coro::cancellation_state);
    if (give_up_if_ended())
        co_return;
    if (call_->permit.is_wanted()) {
        lease_.give_back();
        unseen_ = false;
        stage_ = stage::permit;
        co_return;
    }
    // A governor may take its time, and the server may have ended the connection meanwhile.
    unseen_ = true;
}

error call_run::refuse(rate_verdict const& verdict)
{
    auto info = call_->describe();
    info.code = errc::rate_limited;
    info.phase = phase::rate_limit;
    info.message = "the limit of " + verdict.bucket + " is used up";
    if (!call_->request_was_sent)
        info.message += "; nothing was sent";
    // What would have been the call's failure, had there not been another attempt to come.
    if (got_.failure)
        info.message += "; the attempt before failed: " + got_.failure->message;
    else if (got_.answer.status != 0)
        info.message += "; the attempt before was answered with " + std::to_string(got_.answer.status);
    info.retry_after = verdict.wait;
    info.rate_limit.emplace();
    info.rate_limit->retry_after = verdict.wait;
    info.rate_limit->global = verdict.bucket == "global";
    return call_->fail(std::move(info));
}

} // namespace fluxer::auth::call
