#include "cli/load.hpp"

#include "cli/background.hpp"

#include <fluxer/auth/helpers.hpp>

#include <boost/asio/detached.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

/// Collects how long requests take on their connection, and tells another observer too.
class exchange_timer final : public observer
{
public:
    exchange_timer(std::shared_ptr<observer> next, std::size_t requests)
        : next_(std::move(next))
    {
        samples_.reserve(requests);
    }

    void on_event(event const& what) override
    {
        if (what.kind == event_kind::attempt_end && !what.code)
            samples_.add(what.duration);
        if (next_)
            next_->on_event(what);
    }

    duration_samples take() { return std::move(samples_); }

private:
    std::shared_ptr<observer> next_;
    duration_samples samples_;
};

/// What the flows share. They own it together, as they may end after who has started them.
struct load_state
{
    load_state(asio::any_io_executor const& executor, load_plan from)
        : plan(std::move(from))
        , timer(std::make_shared<exchange_timer>(plan.options.observer, plan.flows * requests_per_flow))
        , users(executor, std::move(plan.options).with_observer(timer))
        , end(executor, asio::steady_timer::time_point::max())
    {
        outcome.flow_times.reserve(plan.flows);
        outcome.request_times.reserve(plan.flows * requests_per_flow);
    }

    void request_ended(clock::time_point begin) { outcome.request_times.add(clock::now() - begin); }

    void flow_ended(clock::time_point begin, std::string const& failure)
    {
        if (failure.empty()) {
            ++outcome.flows;
            outcome.flow_times.add(clock::now() - begin);
        } else if (outcome.failures++ == 0) {
            outcome.first_failure = failure;
        }
        auto const done = outcome.flows + outcome.failures;
        if (plan.on_progress && !stopped)
            plan.on_progress(done, outcome.request_times.size());
        if (done == plan.flows)
            end.cancel();
    }

    load_plan plan;
    std::shared_ptr<exchange_timer> timer;
    client users;
    asio::steady_timer end; ///< never expires: cancelled when the last flow has ended
    load_outcome outcome;
    bool stopped = false;
};

/// Ends the flows when the coroutine that has started them ends before them.
class load_guard
{
public:
    explicit load_guard(std::shared_ptr<load_state> state)
        : state_(std::move(state))
    {}

    ~load_guard()
    {
        state_->stopped = true;
        state_->users.cancel();
    }

    load_guard(load_guard const&) = delete;
    load_guard& operator=(load_guard const&) = delete;

private:
    std::shared_ptr<load_state> state_;
};

bool contains_session(std::vector<auth_session> const& sessions, std::string_view id_hash)
{
    return std::ranges::find(sessions, id_hash, &auth_session::id_hash) != sessions.end();
}

/// @returns why it failed; empty: it did not
asio::awaitable<std::string> flow(load_state& state, std::string email)
{
    auto begin = clock::now();
    login_request request(std::move(email), state.plan.password);
    auto login = co_await state.users.login_user(std::move(request));
    state.request_ended(begin);
    if (!login)
        co_return login.error().to_string();
    auto const* own = std::get_if<session>(&*login);
    if (!own)
        co_return "login_user: the answer is no session";

    begin = clock::now();
    auto const sessions = co_await state.users.list_auth_sessions(own->token);
    state.request_ended(begin);
    if (!sessions)
        co_return sessions.error().to_string();
    if (!contains_session(*sessions, session_id_hash(own->token)))
        co_return "list_auth_sessions: the flow's own session is not listed";

    begin = clock::now();
    auto const logout = co_await state.users.logout_user(own->token);
    state.request_ended(begin);
    co_return logout ? std::string{} : logout.error().to_string();
}

asio::awaitable<void> one_flow(std::shared_ptr<load_state> state, std::size_t number)
{
    if (state->stopped)
        co_return;
    auto const begin = clock::now();
    auto email = state->plan.emails[number % state->plan.emails.size()];
    auto const failure = co_await flow(*state, std::move(email));
    state->flow_ended(begin, failure);
}

} // namespace

asio::awaitable<load_outcome> run_load(load_plan plan)
{
    if (plan.emails.empty() || plan.flows == 0)
        throw std::invalid_argument("a load needs accounts and flows");
    auto const executor = co_await asio::this_coro::executor;
    auto const state = std::make_shared<load_state>(executor, std::move(plan));
    load_guard const guard(state);
    auto const begin = clock::now();
    for (std::size_t i = 0; i < state->plan.flows; ++i)
        asio::co_spawn(executor, one_flow(state, i), asio::detached);
    boost::system::error_code woken;
    co_await state->end.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    auto outcome = std::move(state->outcome);
    outcome.took = clock::now() - begin;
    outcome.stats = state->users.stats();
    outcome.exchange_times = state->timer->take();
    co_return outcome;
}

} // namespace fluxer::auth::cli
