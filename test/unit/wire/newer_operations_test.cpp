#include "support.hpp"
#include "wire/endpoint.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

error_info absence(operation what, int status, std::string_view body)
{
    error_info info;
    info.operation = what;
    wire::decode_error(answer_of(status, body), info);
    return info;
}

constexpr std::string_view no_path = R"({"code":"NOT_FOUND","message":"Not found."})";

} // namespace

BOOST_AUTO_TEST_SUITE(newer_operations)

BOOST_AUTO_TEST_CASE(they_stand_behind_the_28)
{
    BOOST_TEST(wire::newer_endpoints().size() == 4u);
    for (auto const& row : wire::newer_endpoints()) {
        BOOST_TEST(row.newer);
        BOOST_TEST(row.repeatable);
        BOOST_TEST(row.name == to_string(row.operation));
        BOOST_TEST(&wire::endpoint_of(row.operation) == &row);
    }
    BOOST_TEST(std::none_of(
        wire::endpoints().begin(), wire::endpoints().end(), [](auto const& row) { return row.newer; }));
}

BOOST_AUTO_TEST_CASE(a_poll_secret_goes_into_the_body_only)
{
    handoff ticket("GJKC-X6YA", {});
    auto const plain = wire::encode(operation::get_handoff_status, handoff_reference(ticket));
    BOOST_TEST(std::get<wire::request>(plain).method == "GET");
    BOOST_TEST(body_of(plain) == "no body");
    BOOST_TEST(target_of(plain) == "/auth/handoff/GJKC-X6YA/status");
    BOOST_TEST(body_of(wire::encode(operation::cancel_handoff, handoff_reference(ticket))) == "no body");

    ticket.poll_secret = "hush";
    auto const secret_poll = wire::encode(operation::get_handoff_status, handoff_reference(ticket));
    BOOST_TEST(std::get<wire::request>(secret_poll).method == "POST");
    BOOST_TEST(!std::get<wire::request>(secret_poll).repeatable);
    BOOST_TEST(body_of(secret_poll) == R"({"poll_secret":"hush"})");
    BOOST_TEST(target_of(secret_poll) == "/auth/handoff/GJKC-X6YA/status");
    auto const cancel = wire::encode(operation::cancel_handoff, handoff_reference(ticket));
    BOOST_TEST(std::get<wire::request>(cancel).method == "DELETE");
    BOOST_TEST(body_of(cancel) == R"({"poll_secret":"hush"})");

    BOOST_TEST(
        complaints(wire::encode(operation::get_handoff_status, handoff_reference("", ""))) ==
        "code INVALID_FORMAT, poll_secret INVALID_FORMAT");
}

BOOST_AUTO_TEST_CASE(requests)
{
    std::string const token(64, 't');
    BOOST_TEST(
        body_of(wire::encode(operation::validate_reset_token, validate_reset_token_request(token))) ==
        R"({"token":")" + token + R"("})");
    BOOST_TEST(
        complaints(wire::encode(operation::validate_reset_token, validate_reset_token_request("t"))) ==
        "token STRING_LENGTH_EXACT");
    BOOST_TEST(
        body_of(wire::encode(operation::check_username, check_username_request("ada"))) ==
        R"({"username":"ada"})");
    BOOST_TEST(
        complaints(wire::encode(operation::check_username, check_username_request("a b"))) ==
        "username USERNAME_INVALID_CHARACTERS");
    BOOST_TEST(
        target_of(wire::encode_parameter(operation::get_handoff_info, "GJKC-X6YA")) ==
        "/auth/handoff/GJKC-X6YA/info");
    BOOST_TEST(
        target_of(wire::encode_parameter(operation::deny_handoff, "GJKC-X6YA")) ==
        "/auth/handoff/GJKC-X6YA/deny");
}

BOOST_AUTO_TEST_CASE(information_is_optional_and_kept)
{
    auto const info = decoded<handoff_info>(
        R"({"status":"pending","client_info":{"os":"Linux","device":"desktop","x":1},"masked_ip":"203.0.x.x",
            "expires_at":"2026-11-24T03:06:52Z","return_method":"poll","more":true})");
    BOOST_TEST(info->status == "pending");
    BOOST_TEST(info->client_info->os.value() == "Linux");
    BOOST_TEST(info->client_info->device.value() == "desktop");
    BOOST_TEST(info->masked_ip.value() == "203.0.x.x");
    BOOST_TEST(info->expires_at.has_value());
    BOOST_TEST(info->return_method.value() == "poll");
    BOOST_TEST(info->raw.at("more").as_bool());
    auto const nothing = decoded<handoff_info>("{}");
    BOOST_REQUIRE(nothing.has_value());
    BOOST_TEST(!nothing->client_info.has_value());
    BOOST_TEST(problem_of<handoff_info>("[]") == "the answer is not a JSON object");
}

BOOST_AUTO_TEST_CASE(a_completion_may_say_where_to_go)
{
    BOOST_TEST(
        decoded<wire::handoff_completion>(R"({"return_url":"https://a.example/x"})")->return_url.value() ==
        "https://a.example/x");
    for (auto const* body : {"", "{}", "[]", R"({"return_url":null})", R"({"return_url":1})"}) {
        auto const made = decoded<wire::handoff_completion>(body);
        BOOST_REQUIRE(made.has_value());
        BOOST_TEST(!made->return_url.has_value());
    }
    for (auto const* body : {"nonsense", "<html>", " "})
        BOOST_TEST(problem_of<wire::handoff_completion>(body) == "the body is not JSON");
}

BOOST_AUTO_TEST_CASE(validity_and_availability)
{
    BOOST_TEST(decoded<reset_token_validity>("")->valid);
    BOOST_TEST(decoded<reset_token_validity>("{}")->valid);
    BOOST_TEST(!decoded<reset_token_validity>(R"({"valid":false})")->valid);
    BOOST_TEST(problem_of<reset_token_validity>("<html>") == "the body is not JSON");
    BOOST_TEST(decoded<username_availability>(R"({"available":true})")->available);
    BOOST_TEST(problem_of<username_availability>("{}") == "`available` is missing");
}

BOOST_AUTO_TEST_CASE(an_older_server_does_not_support_them)
{
    for (auto const& row : wire::newer_endpoints()) {
        for (auto const& info :
             {absence(row.operation, 404, no_path), absence(row.operation, 404, "<html>"),
              absence(row.operation, 405, "")}) {
            BOOST_TEST((info.code == errc::not_supported_by_server), row.name);
            BOOST_TEST(info.message.find("2026-09") != std::string::npos);
        }
        BOOST_TEST((
            absence(row.operation, 404, R"({"code":"UNKNOWN_USER","message":"m"})").code == errc::not_found));
        BOOST_TEST((absence(row.operation, 400, no_path).code != errc::not_supported_by_server));
    }
    BOOST_TEST((absence(operation::login_user, 404, no_path).code == errc::not_found));
    BOOST_TEST((absence(operation::raw, 404, no_path).code == errc::not_found));
}

BOOST_AUTO_TEST_CASE(newer_servers_may_lack_sms)
{
    for (auto const what : {operation::send_sms_mfa_code, operation::login_with_sms_mfa}) {
        BOOST_TEST((absence(what, 404, no_path).code == errc::feature_disabled));
        BOOST_TEST((absence(what, 404, "<html>").code == errc::not_found));
        BOOST_TEST((absence(what, 404, R"({"code":"UNKNOWN_USER","message":"m"})").code == errc::not_found));
    }
}

BOOST_AUTO_TEST_SUITE_END()
