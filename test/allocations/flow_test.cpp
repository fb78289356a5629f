#include "allocations/trial.hpp"

#include <fluxer/auth/flows.hpp>
#include <fluxer/auth/sign_in.hpp>
#include <fluxer/auth/sudo.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

// Each allocation of the flows: what they keep beside their calls, and what their end needs.

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

constexpr std::string_view session_body = R"({"token":"flx_made_up","user_id":"17"})";
constexpr std::string_view code = "ABCD-2345";

/// The session of whoever approves, or ends others.
constexpr std::string_view own_token = "flx_kept";

struct row
{
    std::string_view path;
    int status;
    std::string_view body;
};

constexpr row answers[] = {
    {"/auth/login/mfa/totp", 200, session_body},
    {"/auth/login", 200,
     R"({"mfa":true,"ticket":"made-up","allowed_methods":["totp"],"sms_phone_hint":null,"sms":false,"totp":true,"webauthn":false})"},
    {"/auth/handoff/initiate", 200, R"({"code":"ABCD-2345","expires_at":"2099-01-01T00:00:00.000Z"})"},
    {"/auth/handoff/complete", 204, ""},
    {"/status", 200, R"({"status":"completed","token":"flx_made_up","user_id":"17"})"},
    {"/info", 404, R"({"code":"NOT_FOUND","message":"not known"})"},
    {"/auth/ip-authorization/poll", 200, R"({"completed":true,"token":"flx_made_up","user_id":"17"})"},
    {"/auth/sessions/logout", 204, ""},
};

/// A session beside the own one is there in every other list: it goes when it is ended.
scripted_server::script serve_flows()
{
    auto const lists = std::make_shared<std::atomic<unsigned>>(0);
    return serve([lists](std::string_view request) {
        auto const target = request.substr(0, request.find(" HTTP/"));
        for (auto const& one : answers) {
            if (target.find(one.path) != std::string_view::npos)
                return spoken(one.status, one.body);
        }
        return spoken(200, (*lists)++ % 2 == 0 ? R"([{"id_hash":"somebody-else"}])" : "[]");
    });
}

void fail_each_allocation_of_flow(work const& of)
{
    setting with;
    with.serves = serve_flows();
    fail_each_allocation_of(of, with);
}

void require(bool holds)
{
    if (!holds)
        throw std::runtime_error("the flow did not come to its end");
}

asio::awaitable<mfa_answer> give_code(mfa_question)
{
    co_return mfa_answer::totp(secret("123456"));
}

asio::awaitable<void> sign_in_with_code(client& with)
{
    sign_in_handlers handlers;
    handlers.mfa = give_code;
    password_credentials who("me@example.com", secret("correct horse"));
    auto const outcome = co_await sign_in(with, std::move(who), std::move(handlers));
    require(outcome.session.has_value());
}

asio::awaitable<void> hand_over(client& with)
{
    auto started = co_await start_handoff(with);
    auto const outcome = co_await started.value().wait();
    require(outcome.session.has_value());
}

asio::awaitable<void> approve(client& with)
{
    session approver(secret(own_token), snowflake("17"));
    auto const approval = co_await approve_handoff(with, std::move(approver), secret(code));
    require(approval.has_value());
}

asio::awaitable<void> wait_for_mail(client& with)
{
    ip_authorization ticket(secret("made-up"), "me@example.com", std::chrono::seconds(30));
    auto const outcome = co_await wait_for_ip_authorization(with, std::move(ticket));
    require(outcome.session.has_value());
}

asio::awaitable<void> end_sessions(client& with)
{
    auto proof = sudo_proof::password(secret("correct horse"));
    auto const outcome = co_await end_all_sessions(with, secret(own_token), std::move(proof));
    require(!outcome.error);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(flow_allocations, descriptor_baseline)

BOOST_AUTO_TEST_CASE(fault_121_each_allocation_of_a_sign_in_fails)
{
    fail_each_allocation_of_flow(sign_in_with_code);
}

BOOST_AUTO_TEST_CASE(fault_121_each_allocation_of_a_handoff_fails)
{
    fail_each_allocation_of_flow(hand_over);
}

BOOST_AUTO_TEST_CASE(fault_121_each_allocation_of_an_approval_fails)
{
    fail_each_allocation_of_flow(approve);
}

BOOST_AUTO_TEST_CASE(fault_121_each_allocation_of_a_wait_for_a_mail_fails)
{
    fail_each_allocation_of_flow(wait_for_mail);
}

BOOST_AUTO_TEST_CASE(fault_121_each_allocation_of_ending_all_sessions_fails)
{
    fail_each_allocation_of_flow(end_sessions);
}

BOOST_AUTO_TEST_SUITE_END()
