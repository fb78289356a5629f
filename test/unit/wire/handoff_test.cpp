#include "support.hpp"

#include <boost/test/unit_test.hpp>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

BOOST_AUTO_TEST_SUITE(handoffs)

BOOST_AUTO_TEST_CASE(completing_sends_code_token_and_user)
{
    BOOST_TEST(
        body_of(wire::encode(
            operation::complete_handoff, handoff_complete_request("GJKC-X6YA", "flx_x", "42"))) ==
        R"({"code":"GJKC-X6YA","token":"flx_x","user_id":"42"})");
    BOOST_TEST(
        complaints(wire::encode(operation::complete_handoff, handoff_complete_request())) ==
        "code INVALID_FORMAT, token INVALID_FORMAT, user_id INVALID_FORMAT");
    BOOST_TEST(
        complaints(wire::encode(
            operation::complete_handoff, handoff_complete_request("c", "t", std::string(257, '1')))) ==
        "user_id STRING_LENGTH_INVALID");
}

BOOST_AUTO_TEST_CASE(a_handoff_has_code_and_end)
{
    auto const made = decoded<handoff>(R"({"code":"GJKC-X6YA","expires_at":"2026-11-24T03:06:52.116Z"})");
    BOOST_TEST(made->code.reveal() == "GJKC-X6YA");
    BOOST_TEST((!made->poll_secret && !made->return_method));
    auto const newer = decoded<handoff>(
        R"({"code":"C","expires_at":"2026-11-24T03:06:52Z","poll_secret":"p","return_method":"m"})");
    BOOST_TEST(newer->poll_secret->reveal() == "p");
    BOOST_TEST(newer->return_method.value() == "m");
    BOOST_TEST(problem_of<handoff>(R"({"expires_at":"2026-11-24T03:06:52Z"})") == "`code` is missing");
    BOOST_TEST(problem_of<handoff>(R"({"code":"C"})") == "`expires_at` is missing");
    BOOST_TEST(
        problem_of<handoff>(R"({"code":"C","expires_at":"soon"})") ==
        "`expires_at` is not what it has to be");
}

BOOST_AUTO_TEST_CASE(words_become_states)
{
    auto const state = [](std::string const& word) {
        return decoded<handoff_status>(R"({"status":")" + word + "\"}")->state;
    };
    BOOST_TEST((state("pending") == handoff_state::pending));
    BOOST_TEST((state("expired") == handoff_state::expired));
    BOOST_TEST((state("denied") == handoff_state::denied));
    BOOST_TEST((state("Pending") == handoff_state::other));
    BOOST_TEST((state("") == handoff_state::other));
    BOOST_TEST(decoded<handoff_status>(R"({"status":"paused"})")->status == "paused");
    BOOST_TEST(problem_of<handoff_status>("{}") == "`status` is missing");
}

BOOST_AUTO_TEST_CASE(only_completion_brings_a_session)
{
    auto const made = decoded<handoff_status>(R"({"status":"completed","token":"t","user_id":"5"})");
    BOOST_TEST((made->state == handoff_state::completed));
    BOOST_TEST(made->session->token.reveal() == "t");
    BOOST_TEST(problem_of<handoff_status>(R"({"status":"completed"})") == "`token` is missing");
    BOOST_TEST(
        !decoded<handoff_status>(R"({"status":"pending","token":"t","user_id":"5"})")->session.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
