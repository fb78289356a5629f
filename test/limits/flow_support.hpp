#ifndef FLUXER_AUTH_TEST_LIMITS_FLOW_SUPPORT_HPP
#define FLUXER_AUTH_TEST_LIMITS_FLOW_SUPPORT_HPP

#include "limits/support.hpp"

#include <fluxer/auth/sign_in.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <deque>
#include <ostream>

namespace fluxer::auth {

inline std::ostream& operator<<(std::ostream& out, sign_in_step value)
{
    return out << to_string(value);
}

inline std::ostream& operator<<(std::ostream& out, wait_status value)
{
    return out << to_string(value);
}

} // namespace fluxer::auth

namespace fluxer::auth::test {

inline constexpr char const* session_answer = R"({"token":"flx_made_up","user_id":"17"})";

/// A client whose server is a list of answers, without any socket.
struct flow_fixture
{
    using answer = result<raw_response>;

    flow_fixture()
    {
        options.rate.mode = rate_mode::off;
        options.retry.max_attempts = 1;
        options.transport = [this](transport_request request, transport_reply reply) {
            asked.push_back(request.method + ' ' + std::string(request.target.reveal()));
            seen.push_back(std::move(request));
            if (on_request)
                on_request();
            if (answers.empty())
                withheld.push_back(std::move(reply));
            else {
                auto next = std::move(answers.front());
                answers.pop_front();
                reply(std::move(next));
            }
        };
    }

    client make() { return client(context.get_executor(), options); }

    void will(int status, std::string body = {}) { answers.emplace_back(made(status, std::move(body))); }

    /// The connection is lost behind the request.
    void will_be_lost()
    {
        error_info info;
        info.code = errc::connection_lost;
        info.phase = phase::first_byte;
        info.request_was_sent = true;
        answers.emplace_back(error(std::move(info)));
    }

    sign_in_outcome sign_in_now()
    {
        password_credentials const with("me@example.com", "correct horse");
        return run(context, sign_in(make(), with, handlers, bounds));
    }

    asio::awaitable<void> for_ever() const
    {
        asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
        co_await timer.async_wait(asio::use_awaitable);
    }

    descriptor_baseline descriptors;
    asio::io_context context{1};
    client_options options{"https://api.example.test/v1"};
    std::deque<answer> answers;
    std::vector<std::string> asked; ///< method and target
    std::vector<transport_request> seen;
    std::vector<transport_reply> withheld;
    std::function<void()> on_request;
    sign_in_handlers handlers;
    sign_in_options bounds;
};

} // namespace fluxer::auth::test

#endif
