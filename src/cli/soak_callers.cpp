#include "cli/soak_callers.hpp"

#include <fluxer/auth/helpers.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using std::chrono::microseconds;

namespace {

constexpr std::uint64_t cancelled_percent = 3;
constexpr std::uint64_t cancelled_within = 40'000; // us after the call's begin
constexpr std::uint64_t pausing_percent = 50;
constexpr std::uint64_t longest_pause = 500'000;            // us: what is watched is not how fast it goes
constexpr std::size_t most_sessions = 4;                    // further ones are logged out all together
constexpr char const* unknown_email = "nobody@example.com"; // to whom the server sends no mail

} // namespace

/// What the callers share. They own it together, as they may end after who has started them.
struct soak_callers::state
{
    state(client of, secret their_password)
        : users(std::move(of))
        , password(std::move(their_password))
        , end(users.get_executor(), clock::time_point::max())
    {}

    client users;
    secret password;
    soak_ledger ledger;
    std::size_t running = 0;
    bool stopping = false;
    asio::steady_timer end; ///< never expires: cancelled when the last caller has ended
};

namespace {

using state = soak_callers::state;

/// A call under way. Whoever waits for it, ends it or cancels it owns it.
template <class T>
struct flight
{
    explicit flight(client::executor_type const& executor)
        : end(executor, clock::time_point::max())
        , cancel_timer(executor)
    {}

    asio::steady_timer end; ///< never expires: cancelled when the call has ended
    asio::steady_timer cancel_timer;
    asio::cancellation_signal cancel;
    bool has_ended = false;
    std::optional<result<T>> answer; ///< empty: it ended by an exception
};

class caller
{
public:
    caller(std::shared_ptr<state> shares, soak_account account, std::size_t number, std::uint64_t seed)
        : shares_(std::move(shares))
        , account_(std::move(account))
        , number_(number)
        , random_(seed)
    {}

    static asio::awaitable<void> run(std::unique_ptr<caller> self)
    {
        while (!self->shares_->stopping) {
            co_await self->make_calls();
            if (self->random_.below(100) < pausing_percent)
                co_await self->pause();
        }
    }

private:
    asio::awaitable<void> make_calls()
    {
        auto const drawn = random_.below(100);
        if (drawn < 55)
            return use_session();
        if (drawn < 70)
            return ask_status();
        if (drawn < 80)
            return forget_password();
        if (drawn < 90)
            return use_wrong_password();
        return ask_for_suggestions();
    }

    asio::awaitable<void> use_session()
    {
        login_request request(account_.email, shares_->password);
        auto login_call = shares_->users.login_user(std::move(request));
        auto const login = co_await perform(soak_call::login, std::move(login_call));
        if (!login || !*login || shares_->stopping)
            co_return;
        auto const* own = std::get_if<session>(&**login);
        expect_own(own && own->user_id.str() == account_.user_id, "login_user: not the caller's session");
        if (!own)
            co_return;
        auto list_call = shares_->users.list_auth_sessions(own->token);
        auto const listed = co_await perform(soak_call::list, std::move(list_call));
        std::vector<std::string> others;
        if (listed && *listed) {
            for (auto const& each : **listed)
                others.push_back(each.id_hash);
            auto const own_ones = std::erase(others, session_id_hash(own->token));
            expect_own(own_ones == 1, "list_auth_sessions: the caller's own session is not listed once");
        }
        if (others.size() > most_sessions)
            co_await end_sessions(own->token, std::move(others));
        auto logout_call = shares_->users.logout_user(own->token);
        co_await perform(soak_call::logout, std::move(logout_call));
    }

    /// Sessions whose login was not answered pile up on the server until they are ended together. The caller's own is
    /// none of them: if it were, a repetition after a lost answer would be refused with 401.
    asio::awaitable<void> end_sessions(secret token, std::vector<std::string> hashes)
    {
        hashes.resize(std::min<std::size_t>(hashes.size(), 100)); // contract 5.18
        logout_auth_sessions_request request(std::move(hashes));
        request.password = shares_->password;
        auto call = shares_->users.logout_all_sessions(std::move(token), std::move(request));
        co_await perform(soak_call::logout_all, std::move(call));
    }

    asio::awaitable<void> ask_status()
    {
        raw_request request("GET", "/auth/sso/status");
        return send(soak_call::raw_status, std::move(request), 200);
    }

    asio::awaitable<void> forget_password()
    {
        raw_request request("POST", "/auth/forgot");
        request.body = secret("{\"email\":\"" + std::string(unknown_email) + "\"}");
        return send(soak_call::raw_forgot, std::move(request), 204);
    }

    asio::awaitable<void> send(soak_call what, raw_request request, int status)
    {
        auto const nonce = next_nonce();
        call_options options;
        options.request_id = nonce;
        auto call = shares_->users.send(std::move(request), std::move(options));
        auto const answer = co_await perform(what, std::move(call));
        if (!answer || !*answer)
            co_return;
        auto const& got = **answer;
        expect_own(got.header_value("X-Request-ID") == nonce, "send: another call's answer");
        expect_own(got.status == status, "send: status " + std::to_string(got.status));
    }

    asio::awaitable<void> use_wrong_password()
    {
        auto const nonce = next_nonce();
        call_options options;
        options.request_id = nonce;
        login_request request(account_.email, secret("not this caller's password"));
        auto call = shares_->users.login_user(std::move(request), std::move(options));
        auto const answer = co_await perform(soak_call::wrong_password, std::move(call));
        if (!answer || *answer || answer->error().http_status() == 0)
            co_return;
        expect_own(answer->error().request_id() == nonce, "login_user: another call's refusal");
    }

    asio::awaitable<void> ask_for_suggestions()
    {
        auto const nonce = next_nonce();
        username_suggestions_request request(nonce);
        auto call = shares_->users.get_username_suggestions(std::move(request));
        auto const answer = co_await perform(soak_call::suggestions, std::move(call));
        if (!answer || !*answer)
            co_return;
        auto const& names = (*answer)->suggestions;
        expect_own(
            names.size() == 1 && names.front() == nonce, "get_username_suggestions: another call's answer");
    }

    asio::awaitable<void> pause()
    {
        asio::steady_timer timer(shares_->users.get_executor(), microseconds(random_.below(longest_pause)));
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }

    /// Makes a call, and perhaps cancels it. The call has a coroutine of its own, as its end is to be counted and not
    /// only waited for.
    template <class T>
    asio::awaitable<std::optional<result<T>>> perform(soak_call what, asio::awaitable<result<T>> call)
    {
        auto const executor = shares_->users.get_executor();
        auto const own = std::make_shared<flight<T>>(executor);
        auto const ticket = shares_->ledger.start(what, clock::now());
        auto on_end = [own, ticket, shares = shares_](std::exception_ptr thrown, result<T> answer) {
            enter_end(*shares, ticket, thrown, answer);
            if (!thrown)
                own->answer.emplace(std::move(answer));
            own->has_ended = true;
            own->end.cancel();
            own->cancel_timer.cancel();
        };
        asio::co_spawn(
            executor, std::move(call), asio::bind_cancellation_slot(own->cancel.slot(), std::move(on_end)));
        if (random_.below(100) < cancelled_percent)
            cancel_later(own);
        if (!own->has_ended) {
            boost::system::error_code ignored;
            co_await own->end.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        co_return std::move(own->answer);
    }

    template <class T>
    void cancel_later(std::shared_ptr<flight<T>> const& which)
    {
        static constexpr std::array types{
            asio::cancellation_type::terminal, asio::cancellation_type::partial,
            asio::cancellation_type::total};
        auto const type = types[random_.below(types.size())];
        which->cancel_timer.expires_after(microseconds(random_.below(cancelled_within)));
        which->cancel_timer.async_wait([which, type](boost::system::error_code stopped) {
            if (!stopped && !which->has_ended)
                which->cancel.emit(type);
        });
    }

    template <class T>
    static void enter_end(
        state& shares, soak_ledger::ticket ticket, std::exception_ptr const& thrown, result<T> const& answer)
    {
        if (thrown)
            shares.ledger.end_by_exception(ticket, "a call threw an exception instead of returning an error");
        else
            shares.ledger.end(
                ticket, answer ? soak_end::success() : soak_end::failure(answer.error()), clock::now());
    }

    void expect_own(bool is_own, std::string what)
    {
        if (!is_own)
            shares_->ledger.foreign_answer(std::move(what));
    }

    /// No other call has it. Also a good name for a user.
    std::string next_nonce() { return "soak_" + std::to_string(number_) + "_" + std::to_string(++nonces_); }

    std::shared_ptr<state> shares_;
    soak_account account_;
    std::size_t number_;
    chaos_random random_;
    std::uint64_t nonces_ = 0;
};

} // namespace

soak_callers::soak_callers(
    client users, std::vector<soak_account> accounts, secret password, std::uint64_t seed)
    : state_(std::make_shared<state>(std::move(users), std::move(password)))
{
    state_->running = accounts.size();
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        auto one = std::make_unique<caller>(state_, std::move(accounts[i]), i, chaos_seed(~seed, i));
        asio::co_spawn(
            state_->users.get_executor(), caller::run(std::move(one)),
            [shares = state_](std::exception_ptr thrown) {
                if (thrown)
                    shares->ledger.foreign_answer("a caller threw an exception");
                if (--shares->running == 0)
                    shares->end.cancel();
            });
    }
}

soak_callers::~soak_callers()
{
    state_->stopping = true;
}

asio::awaitable<bool> soak_callers::stop(clock::duration most)
{
    state_->stopping = true;
    if (state_->running != 0) {
        state_->end.expires_after(most);
        boost::system::error_code ignored;
        co_await state_->end.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    co_return state_->running == 0;
}

soak_ledger const& soak_callers::ledger() const noexcept
{
    return state_->ledger;
}

} // namespace fluxer::auth::cli
