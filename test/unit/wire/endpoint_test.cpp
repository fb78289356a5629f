#include "wire/endpoint.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

using namespace fluxer::auth;
using wire::credential;

namespace {

std::set<std::string_view> names_where(bool (*holds)(wire::endpoint const&))
{
    std::set<std::string_view> names;
    for (auto const& row : wire::endpoints())
        if (holds(row))
            names.insert(row.name);
    return names;
}

using names = std::set<std::string_view>;

} // namespace

BOOST_AUTO_TEST_SUITE(endpoints)

BOOST_AUTO_TEST_CASE(each_operation_has_its_row_and_name)
{
    BOOST_TEST(wire::endpoints().size() == 28u);
    for (auto const& row : wire::endpoints()) {
        BOOST_TEST(row.name == to_string(row.operation));
        BOOST_TEST(&wire::endpoint_of(row.operation) == &row);
        BOOST_TEST(row.path.starts_with("/auth/"));
        BOOST_TEST(!row.path.ends_with('/'));
    }
}

BOOST_AUTO_TEST_CASE(no_two_share_method_and_path)
{
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (auto const& row : wire::endpoints())
        BOOST_TEST(seen.emplace(row.method, row.path).second, row.name);
}

// Contract 4.
BOOST_AUTO_TEST_CASE(flags_are_those_of_the_contract)
{
    BOOST_TEST((names_where([](auto const& row) {
                    return row.captcha;
                }) == names{"register_account", "login_user", "forgot_password"}));
    BOOST_TEST((names_where([](auto const& row) { return row.sudo; }) == names{"logout_all_sessions"}));
    BOOST_TEST((names_where([](auto const& row) {
                    return row.credential == credential::session;
                }) == names{"resend_verification_email", "list_auth_sessions", "logout_all_sessions"}));
    BOOST_TEST((names_where([](auto const& row) {
                    return row.credential == credential::session_unchecked;
                }) == names{"logout_user"}));
    BOOST_TEST(
        (names_where([](auto const& row) { return row.credential == credential::mail_token; }) ==
         names{"verify_email", "reset_password", "revert_email_change", "authorize_ip_address"}));
    BOOST_TEST(names_where([](auto const& row) { return row.refused_under_sso; }).size() == 15u);
}

// Contract 13.
BOOST_AUTO_TEST_CASE(repeatable_ones_are_those_of_the_contract)
{
    BOOST_TEST(
        (names_where([](auto const& row) { return row.repeatable; }) ==
         names{
             "get_sso_status", "start_sso", "get_webauthn_mfa_options", "logout_user", "list_auth_sessions",
             "logout_all_sessions", "poll_ip_authorization", "get_webauthn_authentication_options",
             "get_username_suggestions", "initiate_handoff", "cancel_handoff"}));
}

BOOST_AUTO_TEST_CASE(operations_without_answer_expect_204)
{
    BOOST_TEST(
        (names_where([](auto const& row) { return row.expected_status == 204; }) ==
         names{
             "send_sms_mfa_code", "logout_user", "verify_email", "resend_verification_email",
             "forgot_password", "logout_all_sessions", "authorize_ip_address", "resend_ip_authorization",
             "complete_handoff", "cancel_handoff"}));
    BOOST_TEST((names_where([](auto const& row) {
                    return row.expected_status != 204 && row.expected_status != 200;
                }) == names{}));
}

BOOST_AUTO_TEST_CASE(operations_that_share_a_bucket_agree_on_it)
{
    std::map<std::string_view, wire::rate_bucket> buckets;
    for (auto const& row : wire::endpoints()) {
        auto const& known = buckets.emplace(row.bucket.name, row.bucket).first->second;
        BOOST_TEST(known.limit == row.bucket.limit);
        BOOST_TEST((known.window == row.bucket.window));
        BOOST_TEST(row.bucket.limit > 0u);
    }
    BOOST_TEST(buckets.size() == 22u);
}

// Contract 1.2, 8.5.
BOOST_AUTO_TEST_CASE(helpers_have_the_limits_of_the_contract)
{
    BOOST_TEST(wire::helper_endpoints().size() == 4u);
    std::map<std::string_view, unsigned> limits;
    for (auto const& row : wire::helper_endpoints()) {
        BOOST_TEST(&wire::endpoint_of(row.helper) == &row);
        BOOST_TEST((row.bucket.window == std::chrono::minutes(1)));
        limits.emplace(row.bucket.name, row.bucket.limit);
    }
    std::map<std::string_view, unsigned> const agreed{
        {"instance:info", 60}, {"sudo:mfa:methods", 20}, {"sudo:sms:send", 5}, {"sudo:webauthn:options", 10}};
    BOOST_TEST((limits == agreed));
}

BOOST_AUTO_TEST_CASE(a_raw_request_counts_against_what_its_method_and_path_say)
{
    auto const name_of = [](std::string_view method, std::string_view target) {
        auto const* const found = wire::bucket_of(method, target);
        return found == nullptr ? std::string_view("none") : found->name;
    };
    BOOST_TEST(name_of("GET", "/users/@me/sudo/mfa-methods") == "sudo:mfa:methods");
    BOOST_TEST(name_of("GET", "/v1/users/@me/sudo/mfa-methods?x=1") == "sudo:mfa:methods");
    BOOST_TEST(name_of("POST", "/users/@me/sudo/mfa/sms/send") == "sudo:sms:send");
    BOOST_TEST(name_of("POST", "/users/@me/sudo/webauthn/authentication-options") == "sudo:webauthn:options");
    BOOST_TEST(name_of("GET", "/api/.well-known/fluxer") == "instance:info");
    BOOST_TEST(name_of("POST", "/.well-known/fluxer") == "none");
    BOOST_TEST(name_of("GET", "/users/@me?x=/.well-known/fluxer") == "none");
    BOOST_TEST(name_of("GET", "/users/@me/sudo/mfa-methods/") == "none");
}

BOOST_AUTO_TEST_SUITE_END()
