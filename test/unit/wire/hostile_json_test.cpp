#include "support.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
using namespace std::string_view_literals;

namespace {

template <class T>
void survives(std::string_view body)
{
    std::string problem;
    auto const made = wire::decode<T>(body, problem);
    BOOST_TEST((made.has_value() || !problem.empty()));
    BOOST_TEST(problem.find("SECRET") == std::string::npos);
}

void survives_everywhere(std::string_view body)
{
    survives<session>(body);
    survives<login_result>(body);
    survives<sso_status>(body);
    survives<sso_start>(body);
    survives<sso_completion>(body);
    survives<boost::json::value>(body);
    survives<std::vector<auth_session>>(body);
    survives<ip_authorization_poll>(body);
    survives<username_suggestions>(body);
    survives<handoff>(body);
    survives<handoff_status>(body);
    for (auto const status : {200, 302, 400, 401, 403, 404, 429, 500, 503})
        BOOST_TEST(error_of(status, body).message.find("SECRET") == std::string::npos);
}

constexpr auto whole_session = R"({"token":"SECRET","user_id":"1"})"sv;

} // namespace

BOOST_AUTO_TEST_SUITE(hostile_json)

BOOST_AUTO_TEST_CASE(fault_059_each_truncation_is_refused)
{
    for (std::size_t length = 0; length < whole_session.size(); ++length) {
        BOOST_TEST(!decoded<session>(whole_session.substr(0, length)).has_value());
        survives_everywhere(whole_session.substr(0, length));
    }
    BOOST_TEST(problem_of<session>("") == "the body is empty");
    BOOST_TEST(problem_of<session>("{") == "the body is not JSON");
}

BOOST_AUTO_TEST_CASE(each_changed_byte_is_survived)
{
    for (std::size_t index = 0; index < whole_session.size(); ++index)
        for (auto const byte : {'\0', '"', '{', '\\', '\xFF', '0'}) {
            std::string text(whole_session);
            text[index] = byte;
            survives<session>(text);
            survives<login_result>(text);
        }
}

BOOST_AUTO_TEST_CASE(fault_059_depth_is_limited)
{
    auto const nested = [](std::size_t depth) {
        return R"({"token":"t","user_id":"1","x":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
    };
    BOOST_TEST(decoded<session>(nested(31)).has_value());
    BOOST_TEST(!decoded<session>(nested(32)).has_value());
    survives_everywhere(nested(64));
    survives_everywhere(std::string(100'000, '['));
    survives_everywhere(repeated("{\"a\":", 64) + "1" + std::string(64, '}'));
}

BOOST_AUTO_TEST_CASE(the_last_of_duplicate_keys_counts)
{
    BOOST_TEST(decoded<session>(R"({"token":"a","token":"b","user_id":"1"})")->token.reveal() == "b");
}

BOOST_AUTO_TEST_CASE(numbers_out_of_range_are_no_ids)
{
    BOOST_TEST(!decoded<session>(R"({"token":"t","user_id":1e400})").has_value());
    BOOST_TEST(!decoded<session>(R"({"token":"t","user_id":1e3})").has_value());
    survives_everywhere(R"({"token":"t","user_id":-1e400})");
    BOOST_TEST(
        (error_of(429, R"({"code":"RATE_LIMITED","message":"","retry_after":1e400})").retry_after ==
         std::chrono::hours(24)));
}

BOOST_AUTO_TEST_CASE(nul_is_a_character_like_others)
{
    auto const made = decoded<session>(R"({"token":"a\u0000b","user_id":"1"})");
    BOOST_TEST(made->token.reveal() == "a\0b"sv);
    BOOST_TEST(!decoded<session>("{\"token\":\"a\0b\",\"user_id\":\"1\"}"sv).has_value());
}

BOOST_AUTO_TEST_CASE(marks_and_broken_encodings_are_refused)
{
    BOOST_TEST(!decoded<session>("\xEF\xBB\xBF" + std::string(whole_session)).has_value());
    BOOST_TEST(!decoded<session>("{\"token\":\"\xFF\",\"user_id\":\"1\"}").has_value());
    BOOST_TEST(!decoded<session>("{\"token\":\"\xED\xA0\x80\",\"user_id\":\"1\"}").has_value());
    BOOST_TEST(!decoded<session>(R"({"token":"\ud800","user_id":"1"})").has_value());
    BOOST_TEST(decoded<session>(R"({"token":"\ud83d\ude00","user_id":"1"})")->token.reveal() == astral);
}

BOOST_AUTO_TEST_CASE(huge_answers_are_survived)
{
    survives_everywhere("[" + repeated("0,", 200'000) + "0]");
    survives_everywhere("{\"errors\":[" + repeated("{},", 50'000) + "{}],\"code\":\"INVALID_FORM_BODY\"}");
    survives_everywhere("\"" + std::string(1'000'000, 'x') + "\"");
    auto const list = decoded<std::vector<auth_session>>(
        "[" + repeated(R"({"id_hash":"h"},)", 9'999) + R"({"id_hash":"h"}])");
    BOOST_TEST(list->size() == 10'000u);
}

BOOST_AUTO_TEST_CASE(fault_060_every_member_may_be_of_every_type)
{
    for (auto const* value : {"null", "true", "7", "-7", "1.5", "\"x\"", "[]", "[null]", "{}", "{\"x\":1}"})
        for (auto const* name :
             {"token",
              "user_id",
              "mfa",
              "ticket",
              "allowed_methods",
              "sms",
              "enabled",
              "completed",
              "status",
              "code",
              "message",
              "expires_at",
              "suggestions",
              "challenge",
              "errors",
              "retry_after",
              "global",
              "resend_available_in",
              "has_mfa",
              "data",
              "altcha_challenge",
              "captcha_provider"}) {
            auto const member = std::string("\"") + name + "\":" + value + "}";
            survives_everywhere("{" + member);
            survives_everywhere(R"({"mfa":true,"code":"IP_AUTHORIZATION_REQUIRED",)" + member);
            survives_everywhere(R"({"code":"INVALID_FORM_BODY",)" + member);
        }
}

BOOST_AUTO_TEST_SUITE_END()
