#include "call/call_run.hpp"
#include "client/client_handle.hpp"
#include "client/context_lifetime.hpp"
#include "client/executor.hpp"
#include "client/perform.hpp"
#include "core/http_syntax.hpp"
#include "core/options_check.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <functional>
#include <iterator>
#include <type_traits>
#include <utility>

namespace fluxer::auth::client_detail {

namespace {

error cancelled_before_start(operation what)
{
    error_info info;
    info.code = errc::cancelled;
    info.operation = what;
    info.phase = phase::validation;
    info.message = "cancelled before it began";
    return error(std::move(info));
}

/// The client outlived its io_context, which it must not: told as what it comes to, instead of an exception.
error without_context(operation what)
{
    error_info info;
    info.code = errc::shut_down;
    info.operation = what;
    info.phase = phase::validation;
    info.message = "the client's io_context is gone";
    return error(std::move(info));
}

error refusal(call::engine const& by, operation what)
{
    return by.has_context() ? cancelled_before_start(what) : without_context(what);
}

error invalid(operation what, std::vector<field_error> fields)
{
    error_info info;
    info.code = errc::invalid_request;
    info.operation = what;
    info.phase = phase::validation;
    info.fields = std::move(fields);
    return error(std::move(info));
}

class execute_work
{
public:
    using step = call::call_run::step;

    execute_work(std::shared_ptr<call::engine> engine, wire::request&& request, call_options&& options)
        : run_(std::make_unique<call::call_run>(std::move(engine), std::move(request), std::move(options)))
    {}

    execute_work(execute_work&&) noexcept = default;
    execute_work& operator=(execute_work&&) = delete;

    /// Refused, or never awaited, wherever that is.
    ~execute_work()
    {
        if (run_ && !run_->has_begun())
            send_home(run_->take_engine());
    }

    asio::any_io_executor const& target() const noexcept { return run_->by().executor(); }

    call::call_run& steps() noexcept { return *run_; }

    call::outcome refuse() const { return refusal(run_->by(), run_->what()); }

private:
    std::unique_ptr<call::call_run> run_;
};

class warm_up_work
{
public:
    warm_up_work(std::shared_ptr<call::engine> engine, std::size_t connections, call_options options)
        : engine_(std::move(engine))
        , connections_(connections)
        , options_(std::move(options))
    {}

    asio::awaitable<result<std::size_t>> operator()()
    {
        return engine_->warm_up(connections_, std::move(options_));
    }

    asio::any_io_executor const& target() const noexcept { return engine_->executor(); }

    result<std::size_t> refuse() const { return refusal(*engine_, operation::raw); }

private:
    std::shared_ptr<call::engine> engine_;
    std::size_t connections_;
    call_options options_;
};

/// Stands for void where a value is needed.
struct nothing
{};

class shutdown_work
{
public:
    shutdown_work(std::shared_ptr<call::engine> engine, milliseconds grace)
        : engine_(std::move(engine))
        , grace_(grace)
    {}

    asio::awaitable<nothing> operator()()
    {
        co_await engine_->shutdown(grace_);
        co_return nothing();
    }

    asio::any_io_executor const& target() const noexcept { return engine_->executor(); }

    // A shutdown that is cancelled before it began must still shut down.
    nothing refuse()
    {
        if (!engine_->has_context())
            return {};
        asio::post(engine_->executor(), [engine = engine_] { engine->stop(); });
        return {};
    }

private:
    std::shared_ptr<call::engine> engine_;
    milliseconds grace_;
};

template <class T>
result<T> finish(call::outcome outcome)
{
    if (outcome.error)
        return *std::move(outcome.error);
    std::string problem;
    if constexpr (std::is_void_v<T>) {
        if (wire::is_empty_or_json(outcome.answer.body.view(), problem))
            return {};
    } else {
        auto decoded = wire::decode<T>(outcome.answer.body.view(), problem);
        if (decoded)
            return *std::move(decoded);
    }
    return outcome.unreadable(std::move(problem));
}

template <class T>
asio::awaitable<result<T>> refused(operation what, std::vector<field_error> fields)
{
    co_return invalid(what, std::move(fields));
}

/// The sessions that answers bring.
session const* session_in(session const& value)
{
    return &value;
}

session const* session_in(login_result const& value)
{
    return std::get_if<session>(&value);
}

session const* session_in(ip_authorization_poll const& value)
{
    return value.session ? &*value.session : nullptr;
}

session const* session_in(handoff_status const& value)
{
    return value.session ? &*value.session : nullptr;
}

template <class T>
void introduce(call::rate_gate const& gate, operation by, bool learned, result<T> const& answered)
{
    if (!answered)
        return;
    if constexpr (std::is_same_v<T, sso_completion>)
        gate.introduce(by, learned, session(answered->token, answered->user_id));
    else if constexpr (requires { session_in(*answered); })
        if (auto const* const made = session_in(*answered))
            gate.introduce(by, learned, *made);
}

/// Blanks are let through, unlike with the operations: other schemes than this API's have them ("Bearer x").
bool is_token_value(secret const& token)
{
    auto const text = token.reveal();
    return !text.empty() && core::is_field_value(text) &&
           std::all_of(text.begin(), text.end(), [](char character) {
               return static_cast<unsigned char>(character) < 0x80;
           });
}

std::vector<field_error> defects(raw_request const& request)
{
    std::vector<field_error> found;
    if (!core::is_method(request.method))
        found.emplace_back("method", "INVALID_FORMAT", "must be upper-case letters, and not CONNECT");
    if (!core::is_request_target(request.target))
        found.emplace_back("target", "INVALID_FORMAT", "must begin with '/' and hold visible ASCII only");
    if (request.token && !is_token_value(*request.token))
        found.emplace_back("token", "INVALID_FORMAT", "must be visible ASCII");
    if (auto bad = core::check(request.headers))
        found.emplace_back("headers", "INVALID_FORMAT", std::move(bad->message));
    return found;
}

result<raw_response> to_raw(call::outcome outcome)
{
    if (outcome.error)
        return *std::move(outcome.error);
    raw_response response;
    response.status = outcome.answer.status;
    outcome.answer.headers.for_each([&](std::string_view name, std::string_view value) {
        response.headers.emplace_back(std::string(name), std::string(value));
    });
    response.body = secret(outcome.answer.body.view());
    return response;
}

/// A coroutine, since the call goes by the method's text, which is the request's.
///
/// @param finish makes the caller's result
template <class Finish>
asio::awaitable<std::decay_t<std::invoke_result_t<Finish, call::outcome>>> call_raw(
    std::shared_ptr<call::engine> engine, raw_request request, call_options options, Finish finish)
{
    if (auto found = defects(request); !found.empty()) {
        call::outcome refused(invalid(operation::raw, std::move(found)));
        co_return finish(std::move(refused));
    }
    wire::request wired;
    wired.method = request.method;
    wired.target.append(request.target);
    if (request.body) {
        wired.body.emplace();
        wired.body->append(request.body->reveal());
    }
    wired.token = std::move(request.token);
    wired.repeatable = request.repeatable;
    std::move(request.headers.begin(), request.headers.end(), std::back_inserter(options.headers));
    execute_work work(std::move(engine), std::move(wired), std::move(options));
    auto finished = co_await perform(std::move(work), std::move(finish));
    co_return finished;
}

} // namespace

// No coroutine, which spares a frame.
template <class T>
asio::awaitable<result<T>> run(
    std::shared_ptr<call::engine> engine, operation what, wire::encoded&& request, call_options&& options)
{
    if (auto* const fields = std::get_if<std::vector<field_error>>(&request))
        return refused<T>(what, std::move(*fields));
    // The engine itself may end on its own executor only.
    auto const learned = engine->gate()->mode(options) != rate_mode::off;
    auto finisher = [gate = engine->gate(), what, learned](call::outcome outcome) {
        auto finished = finish<T>(std::move(outcome));
        introduce(*gate, what, learned, finished);
        return finished;
    };
    execute_work work(std::move(engine), std::get<wire::request>(std::move(request)), std::move(options));
    return perform(std::move(work), std::move(finisher));
}

asio::awaitable<result<raw_response>> run_raw(
    std::shared_ptr<call::engine> engine, raw_request request, call_options options)
{
    return call_raw(std::move(engine), std::move(request), std::move(options), to_raw);
}

asio::awaitable<call::outcome> run_raw_call(
    std::shared_ptr<call::engine> engine, raw_request request, call_options options)
{
    return call_raw(std::move(engine), std::move(request), std::move(options), std::identity());
}

asio::awaitable<result<std::size_t>> run_warm_up(
    std::shared_ptr<call::engine> engine, std::size_t connections, call_options options)
{
    warm_up_work work(std::move(engine), connections, std::move(options));
    auto ready = co_await perform<result<std::size_t>>(std::move(work));
    co_return ready;
}

asio::awaitable<void> run_shutdown(std::shared_ptr<call::engine> engine, milliseconds grace)
{
    shutdown_work work(std::move(engine), grace);
    co_await perform<nothing>(std::move(work));
}

template asio::awaitable<result<void>> run<void>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);
template asio::awaitable<result<session>> run<session>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);
template asio::awaitable<result<login_result>> run<login_result>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);
template asio::awaitable<result<sso_status>> run<sso_status>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);
template asio::awaitable<result<sso_start>> run<sso_start>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);
template asio::awaitable<result<sso_completion>> run<sso_completion>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);
template asio::awaitable<result<boost::json::value>> run<boost::json::value>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);
template asio::awaitable<result<std::vector<auth_session>>> run<std::vector<auth_session>>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);
template asio::awaitable<result<ip_authorization_poll>> run<ip_authorization_poll>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);
template asio::awaitable<result<username_suggestions>> run<username_suggestions>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);
template asio::awaitable<result<handoff>> run<handoff>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);
template asio::awaitable<result<handoff_status>> run<handoff_status>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);
template asio::awaitable<result<handoff_info>> run<handoff_info>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);
template asio::awaitable<result<wire::handoff_completion>> run<wire::handoff_completion>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);
template asio::awaitable<result<reset_token_validity>> run<reset_token_validity>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);
template asio::awaitable<result<username_availability>> run<username_availability>(
    std::shared_ptr<call::engine>, operation, wire::encoded&&, call_options&&);

} // namespace fluxer::auth::client_detail
