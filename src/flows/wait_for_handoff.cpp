#include "flows/wait_for_handoff.hpp"
#include "flows/life_times.hpp"
#include "flows/poll_loop.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <utility>

namespace fluxer::auth {

namespace {

namespace asio = boost::asio;
using flows_detail::look;
using flows_detail::look_result;

constexpr milliseconds abandon_limit{5'000};

/// The server's life of the code began before its answer came, and the last look has to arrive within it.
constexpr milliseconds last_look_margin{1'000};

/// A server that gave out a poll_secret, but does not know the POST that goes with it, or a proxy that lets none pass.
bool lacks_post(error const& failure)
{
    auto const no_path = failure.http_status() == 404 || failure.http_status() == 405;
    auto const unnamed = failure.api_code() == api_code::none || failure.api_code() == api_code::not_found;
    return no_path && unnamed && !flows_detail::is_page_404(failure);
}

/// The server forgets the session with the first answer that holds it, whether or not that arrives (contract 9.1). Its
/// own refusals hold none; what a proxy says tells nothing of the server's answer.
bool may_have_taken_the_session(error const& failure)
{
    auto const status = failure.http_status();
    auto const refused = status >= 400 && status < 500 && failure.code() != errc::proxy_error;
    return failure.request_was_sent() && !refused;
}

asio::awaitable<void> cancel_quietly(client api, handoff_reference which)
{
    call_options options;
    options.timeout = abandon_limit;
    co_await api.cancel_handoff(std::move(which), std::move(options));
}

class handoff_target final : public flows_detail::poll_target
{
public:
    handoff_target(handoff const& ticket, bool cancel_on_abandon)
        : which_(ticket)
        , expiry_(ticket.received_at + flows_detail::handoff_code_life)
        , cancel_on_abandon_(cancel_on_abandon)
    {}

    asio::awaitable<look> look_once(client& client, call_options options) override
    {
        auto const begun = std::chrono::steady_clock::now();
        auto answer = co_await client.get_handoff_status(which_, options);
        knows_post_ = knows_post_ || answer.has_value();
        if (!knows_post_ && which_.poll_secret && lacks_post(answer.error())) {
            poll_secret_ = std::exchange(which_.poll_secret, std::nullopt);
            shorten(options, std::chrono::steady_clock::now() - begun);
            answer = co_await client.get_handoff_status(which_, std::move(options));
            // Somebody was at work there: a server that has the POST yields no session without it.
            if (!answer)
                which_.poll_secret = std::exchange(poll_secret_, std::nullopt);
        }
        co_return read(std::move(answer));
    }

    std::optional<wait_status> judge_end() override { return judge_expiry(); }

    /// A code is over when its session was fetched too, and the answer that is missing may have been that.
    wait_status judge_expiry() const override
    {
        return answer_lost_ ? wait_status::lost : wait_status::expired;
    }

    std::chrono::steady_clock::time_point expiry() const override { return expiry_; }

    std::chrono::steady_clock::time_point last_look() const override { return expiry_ - last_look_margin; }

    void ended(client const& client, wait_status status, asio::any_io_executor const& here) override
    {
        // Nobody looks for what another device may still complete.
        auto const now = std::chrono::steady_clock::now();
        auto const alive = status == wait_status::expired && now >= last_look() && now < expiry_;
        auto const abandoned = status == wait_status::cancelled || status == wait_status::gave_up || alive;
        if (!cancel_on_abandon_ || !abandoned)
            return;
        if (poll_secret_)
            which_.poll_secret = std::move(poll_secret_);
        asio::co_spawn(here, cancel_quietly(client, std::move(which_)), asio::detached);
    }

private:
    /// Both requests together have the time of one look.
    static void shorten(call_options& options, std::chrono::steady_clock::duration passed)
    {
        if (options.timeout)
            options.timeout =
                std::max(*options.timeout - std::chrono::ceil<milliseconds>(passed), milliseconds(1));
    }

    look read(result<handoff_status> answer)
    {
        if (!answer) {
            auto const& failure = answer.error();
            answer_lost_ = answer_lost_ || may_have_taken_the_session(failure);
            return flows_detail::look_of(failure);
        }
        look seen(result_of(answer->state));
        seen.session = std::move(answer->session);
        if (seen.what == look_result::pending)
            answer_lost_ = false;
        return seen;
    }

    static look_result result_of(handoff_state state)
    {
        switch (state) {
        case handoff_state::completed:
            return look_result::completed;
        case handoff_state::expired:
            return look_result::ended;
        case handoff_state::denied:
            return look_result::denied;
        case handoff_state::pending:
        case handoff_state::other:
            break;
        }
        return look_result::pending;
    }

    handoff_reference which_;
    std::optional<secret> poll_secret_; ///< no longer polled with
    std::chrono::steady_clock::time_point expiry_;
    bool cancel_on_abandon_;
    bool knows_post_ = false; ///< the server has answered one
    bool answer_lost_ = false;
};

} // namespace

asio::awaitable<wait_outcome> flows_detail::wait_for_handoff(
    client client, handoff const& ticket, bool cancel_on_abandon, poll_options options)
{
    return poll(
        std::move(client), std::make_unique<handoff_target>(ticket, cancel_on_abandon), std::move(options));
}

asio::awaitable<wait_outcome> wait_for_handoff(client client, handoff ticket, poll_options options)
{
    return flows_detail::wait_for_handoff(std::move(client), ticket, false, std::move(options));
}

} // namespace fluxer::auth
