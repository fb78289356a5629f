#include "support.hpp"

#include <boost/test/unit_test.hpp>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

BOOST_AUTO_TEST_SUITE(ip_authorization_answers)

BOOST_AUTO_TEST_CASE(waiting_has_no_session)
{
    for (auto const* body :
         {R"({"completed":false})", R"({"completed":false,"token":null})",
          R"({"completed":false,"token":"t"})"}) {
        auto const poll = decoded<ip_authorization_poll>(body);
        BOOST_TEST((!poll->completed && !poll->session));
    }
}

BOOST_AUTO_TEST_CASE(completion_brings_the_session)
{
    auto const poll = decoded<ip_authorization_poll>(R"({"completed":true,"token":"t","user_id":"5"})");
    BOOST_TEST(poll->completed);
    BOOST_TEST(poll->session->token.reveal() == "t");
    BOOST_TEST(poll->session->user_id.str() == "5");
}

BOOST_AUTO_TEST_CASE(completion_without_token_is_no_answer)
{
    BOOST_TEST(problem_of<ip_authorization_poll>(R"({"completed":true})") == "`token` is missing");
    BOOST_TEST(
        problem_of<ip_authorization_poll>(R"({"completed":true,"token":"t"})") == "`user_id` is missing");
    BOOST_TEST(problem_of<ip_authorization_poll>("{}") == "`completed` is missing");
}

BOOST_AUTO_TEST_SUITE_END()
