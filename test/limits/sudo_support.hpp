#ifndef FLUXER_AUTH_TEST_LIMITS_SUDO_SUPPORT_HPP
#define FLUXER_AUTH_TEST_LIMITS_SUDO_SUPPORT_HPP

#include "limits/support.hpp"

#include <boost/test/unit_test.hpp>

#include <fluxer/auth/clock.hpp>
#include <fluxer/auth/observer.hpp>

#include <sstream>

namespace fluxer::auth::test {

inline constexpr char const* session_token = "flx_made_up_for_this_test";
inline constexpr char const* jwt = "made.up.jwt";
inline constexpr char const* sudo_header = "X-Fluxer-Sudo-Mode-JWT";

/// Everything that an observer is told.
struct event_text final : observer
{
    void on_event(event const& what) override { all << what.detail << '\n'; }

    std::ostringstream all;
};

inline raw_response with_jwt(raw_response answer, char const* value = jwt)
{
    answer.headers.emplace_back("x-fluxer-sudo-mode-jwt", value);
    return answer;
}

inline raw_response sudo_wanted()
{
    return made(403, R"({"code":"SUDO_MODE_REQUIRED","message":"m","has_mfa":true})");
}

/// A client whose server is what a test makes of it.
struct sudo_fixture
{
    client make(bool with_clock = true, bool remember = true)
    {
        auto options = client_options("https://api.example.test/v1")
                           .with_rate_mode(rate_mode::off)
                           .with_observer(log)
                           .with_remember_sudo(remember);
        options.retry.max_attempts = 1;
        if (with_clock)
            options.clock = clock;
        options.transport = [this](transport_request request, transport_reply reply) {
            seen.push_back(request);
            if (auto response = answer(request))
                reply(*std::move(response));
            else
                withheld.push_back(std::move(reply));
        };
        return client(context.get_executor(), std::move(options));
    }

    result<void> end_none(client& used, char const* token = session_token, call_options options = {})
    {
        logout_auth_sessions_request request{std::vector<std::string>()};
        return run(context, used.logout_all_sessions(secret(token), std::move(request), std::move(options)));
    }

    std::string sent_token() const { return std::string(seen.back().header_value(sudo_header)); }

    void prove(client& used)
    {
        answer = [](auto const&) { return with_jwt(made(204)); };
        BOOST_REQUIRE(end_none(used).has_value());
        answer = [](auto const&) { return made(204); };
    }

    descriptor_baseline descriptors;
    asio::io_context context{1};
    std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>();
    std::shared_ptr<event_text> log = std::make_shared<event_text>();
    std::function<std::optional<raw_response>(transport_request const&)> answer;
    std::vector<transport_request> seen;
    std::vector<transport_reply> withheld;
};

} // namespace fluxer::auth::test

#endif
