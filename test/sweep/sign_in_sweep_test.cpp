#include "limits/proof_of_work.hpp"
#include "sweep/sweep.hpp"

#include <fluxer/auth/helpers.hpp>
#include <fluxer/auth/sign_in.hpp>
#include <fluxer/auth/sudo.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

constexpr char const* session_made = R"({"token":"flx_made_up","user_id":"17"})";
constexpr char const* challenge_answer =
    R"({"mfa":true,"ticket":"made-up-ticket","allowed_methods":["totp"],"sms":false,"totp":true,"webauthn":false})";
constexpr char const* captcha_answer = R"({"code":"CAPTCHA_REQUIRED","message":"m"})";

/// Far longer than a flow takes that is not disturbed, on a slow machine too.
constexpr milliseconds real_limit = 20s;

/// A flow whose requests are answered from a list, over a transport: each a handler after it was sent, so that there is a
/// moment in which it is under way, and none once the flow was interrupted.
class scripted_flow
{
public:
    using answer = std::pair<int, std::string>;

    scripted_flow(std::string name, std::vector<answer> answers)
        : answers_(std::move(answers))
    {
        what.name = std::move(name);
        what.options = [this] {
            client_options options("https://api.example.test");
            options.rate.mode = rate_mode::off;
            options.transport = [this](transport_request const& request, transport_reply reply) {
                take(request, std::move(reply));
            };
            return options;
        };
        what.accompany = [this](world& in) { reply_to(in.id); };
        what.times_asked = [this](std::string const& id) { return asked_.times(id); };
        what.most_times_asked = static_cast<int>(answers_.size());
        // Two executors are crossed, by the deadline's work and by the call.
        what.most_handlers_after_a_blow = 8;
        what.blows = {blow::terminal, blow::partial, blow::total, blow::whole_limit, blow::destruction};
        what.check_next = check_next_call;
        what.counts_connections = false;
    }

    scripted_flow(scripted_flow const&) = delete;
    scripted_flow& operator=(scripted_flow const&) = delete;

    /// Its limit is its own, by the real clock, and not that of a call.
    void has_deadline()
    {
        what.is_call = false;
        what.real_limit = real_limit;
    }

    scenario what;

private:
    void take(transport_request const& request, transport_reply reply)
    {
        raw_response made;
        made.status = 204;
        if (request.target.reveal().ends_with("/next"))
            return reply(std::move(made));
        std::string const id(request.header_value("X-Request-ID"));
        auto const& [status, body] =
            answers_[static_cast<std::size_t>(asked_.count(id) - 1) % answers_.size()];
        made.status = status;
        if (!body.empty())
            made.headers.emplace_back("Content-Type", "application/json");
        made.body = secret(body);
        open_[id] = [reply = std::move(reply), made = std::move(made)] { reply(made); };
    }

    void reply_to(std::string const& id)
    {
        if (auto const found = open_.find(id); found != open_.end())
            std::exchange(found->second, [] {})();
    }

    std::vector<answer> answers_;
    ledger asked_;
    std::map<std::string, std::function<void()>> open_;
};

ending ending_at(boost::system::error_code code, std::string_view text)
{
    ending end;
    end.code = code;
    end.text = text;
    return end;
}

asio::awaitable<ending> ending_of_sign_in(asio::awaitable<sign_in_outcome> flow)
{
    auto const outcome = co_await std::move(flow);
    auto const text = to_string(outcome.end);
    switch (outcome.end) {
    case sign_in_step::signed_in:
        co_return ending_at({}, text);
    case sign_in_step::cancelled:
        co_return ending_at(make_error_code(errc::cancelled), text);
    case sign_in_step::timed_out:
        co_return ending_at(make_error_code(errc::timed_out), text);
    default:
        co_return ending_at(make_error_code(errc::unexpected_answer), text);
    }
}

/// Handlers that need a moment.
sign_in_handlers ready_handlers()
{
    sign_in_handlers handlers;
    handlers.mfa = [](mfa_question) -> asio::awaitable<mfa_answer> {
        auto const here = co_await asio::this_coro::executor;
        co_await asio::post(here, asio::use_awaitable);
        co_return mfa_answer::totp("123456");
    };
    handlers.captcha = [](captcha_question) -> asio::awaitable<std::optional<captcha_proof>> {
        auto const here = co_await asio::this_coro::executor;
        co_await asio::post(here, asio::use_awaitable);
        co_return captcha_proof(secret("made-up"));
    };
    return handlers;
}

void sign_in_by(scripted_flow& flow)
{
    flow.has_deadline();
    flow.what.begin = [](world& in, call_options with) {
        sign_in_options options;
        if (std::exchange(with.timeout, std::nullopt))
            options.deadline = real_limit;
        options.call = std::move(with);
        password_credentials credentials("me@example.com", "correct horse");
        return ending_of_sign_in(
            sign_in(*in.used, std::move(credentials), ready_handlers(), std::move(options)));
    };
}

asio::awaitable<ending> ending_of_sessions(asio::awaitable<end_sessions_outcome> flow)
{
    auto const outcome = co_await std::move(flow);
    ending end;
    if (outcome.error)
        end = ending(*outcome.error);
    co_return end;
}

asio::awaitable<std::optional<sudo_proof>> prove(sudo_question)
{
    auto const here = co_await asio::this_coro::executor;
    co_await asio::post(here, asio::use_awaitable);
    co_return sudo_proof::password("correct horse");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(sign_ins, descriptor_baseline)

BOOST_AUTO_TEST_CASE(fault_101_102_107_signing_in_and_ending_sessions)
{
    scripted_flow plain("sign_in", {{200, session_made}});
    scripted_flow with_code("sign_in, TOTP", {{200, challenge_answer}, {200, session_made}});
    scripted_flow with_captcha("sign_in, captcha", {{400, captcha_answer}, {200, session_made}});
    scripted_flow with_proof(
        "sign_in, proof of work", {{400, proof_wanted("pepper", sha256_of("pepper7"))}, {200, session_made}});
    for (auto* const flow : {&plain, &with_code, &with_captcha, &with_proof})
        sign_in_by(*flow);

    scripted_flow ending_all(
        "end_all_sessions", {{200, R"([{"id_hash":"made-up"}])"},
                             {403, R"({"code":"SUDO_MODE_REQUIRED","message":"m","has_mfa":false})"},
                             {204, ""}});
    ending_all.has_deadline();
    ending_all.what.begin = [](world& in, call_options with) {
        end_sessions_options options;
        if (std::exchange(with.timeout, std::nullopt))
            options.timeout = real_limit;
        options.call = std::move(with);
        return ending_of_sessions(
            end_all_sessions(*in.used, secret("flx_made_up"), prove, std::move(options)));
    };
    sweep_together({plain.what, with_code.what, with_captcha.what, with_proof.what, ending_all.what}, 2);
}

BOOST_AUTO_TEST_CASE(fault_101_102_107_both_ends_of_a_handoff)
{
    scripted_flow starting(
        "start_handoff", {{200, R"({"code":"ABCD-EFGH","expires_at":"2026-11-24T03:02:42.600Z"})"}});
    starting.what.begin = [](world& in, call_options with) {
        start_handoff_options options;
        options.call = std::move(with);
        return ending_of(start_handoff(*in.used, std::move(options)));
    };
    sweep(starting.what, 2);

    scripted_flow approving("approve_handoff", {{200, R"({"status":"pending"})"}, {204, ""}});
    approving.what.begin = [](world& in, call_options with) {
        approve_handoff_options options;
        options.call = std::move(with);
        options.confirm = [](std::optional<handoff_info>) -> asio::awaitable<bool> {
            auto const here = co_await asio::this_coro::executor;
            co_await asio::post(here, asio::use_awaitable);
            co_return true;
        };
        return ending_of(
            approve_handoff(*in.used, session("flx_made_up", "17"), "ABCD-EFGH", std::move(options)));
    };
    // Its limits are those of its calls.
    std::erase(approving.what.blows, blow::whole_limit);
    sweep(approving.what, 4);
}

BOOST_AUTO_TEST_SUITE_END()
