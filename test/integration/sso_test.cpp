#include "support/fixture.hpp"

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace utf = boost::unit_test;

BOOST_FIXTURE_TEST_SUITE(sso, api_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(the_status_says_whether_it_is_on)
{
    auto const off = ok(api.get_sso_status());
    BOOST_TEST(!off.enabled);
    BOOST_TEST(!off.enforced);
    BOOST_TEST(!off.display_name.has_value());
    BOOST_TEST(off.redirect_uri == "https://web.fluxer.test/auth/sso/callback");
    server.set_sso(true);
    auto const on = ok(api.get_sso_status());
    BOOST_TEST(on.enabled);
    BOOST_TEST(on.enforced);
    BOOST_TEST(on.display_name.value_or("") == "Sandbox IdP");
    BOOST_TEST(on.redirect_uri == "https://web.fluxer.test/auth/sso/callback");
}

BOOST_AUTO_TEST_CASE(a_start_has_all_its_fields)
{
    server.set_sso(true);
    auto const begun = ok(api.start_sso({}));
    BOOST_TEST(begun.state.size() == 32U);
    BOOST_TEST(begun.redirect_uri == "https://web.fluxer.test/auth/sso/callback");
    BOOST_TEST(begun.authorization_url.starts_with("https://localhost:"));
    BOOST_TEST((begun.authorization_url.find(begun.state.reveal()) != std::string::npos));
    auto const again = ok(api.start_sso({}));
    BOOST_TEST(!(again.state == begun.state));
}

BOOST_AUTO_TEST_CASE(a_login_comes_back_to_where_it_began)
{
    server.set_sso(true);
    auto const id = add_account();

    struct row
    {
        char const* given;
        char const* returned;
    };

    for (auto const& [given, returned] :
         {row{"/channels/@me", "/channels/@me"}, row{"//evil.example", ""}, row{"https://evil.example", ""},
          row{"", ""}}) {
        auto const begun = ok(api.start_sso(sso_start_request().with_redirect_to(given)));
        auto const done = ok(api.complete_sso({email, begun.state}));
        BOOST_TEST(looks_like_session_token(done.token));
        BOOST_TEST(done.user_id == snowflake(id));
        BOOST_TEST(done.redirect_to == returned);
        BOOST_TEST(server.is_session(done.token.reveal()));
    }
}

BOOST_AUTO_TEST_CASE(no_mfa_and_no_ip_authorization_follow)
{
    server.set_sso(true);
    add_account();
    server.enable_totp(email);
    server.set_client_ip(other_ip);
    auto const begun = ok(api.start_sso({}));
    BOOST_TEST(looks_like_session_token(ok(api.complete_sso({email, begun.state})).token));
}

BOOST_AUTO_TEST_CASE(an_unknown_user_may_get_an_account)
{
    server.set_sso(true);
    auto const begun = ok(api.start_sso({}));
    auto const done = ok(api.complete_sso({"new@example.com", begun.state}));
    BOOST_TEST(done.redirect_to.empty());
    BOOST_TEST(server.user_id_of("new@example.com").value_or("") == done.user_id.str());
    server.set_sso_auto_provision(false);
    auto const second = ok(api.start_sso({}));
    check_failure(
        fails(api.complete_sso({"newer@example.com", second.state})), operation::complete_sso,
        {errc::sso_required, 403, api_code::sso_required, "SSO_REQUIRED"});
}

BOOST_AUTO_TEST_CASE(a_state_works_once_and_for_ten_minutes)
{
    server.set_sso(true);
    add_account();
    check_rejection(fails(api.complete_sso({email, "unknown"})), operation::complete_sso, {{"state", ""}});
    auto const begun = ok(api.start_sso({}));
    ok(api.complete_sso({email, begun.state}));
    check_rejection(fails(api.complete_sso({email, begun.state})), operation::complete_sso, {{"state", ""}});
    auto const late = ok(api.start_sso({}));
    server.advance_clock(10min);
    check_rejection(fails(api.complete_sso({email, late.state})), operation::complete_sso, {{"state", ""}});
}

BOOST_AUTO_TEST_CASE(a_wrong_code_uses_the_state_up)
{
    server.set_sso(true);
    add_account();
    auto const begun = ok(api.start_sso({}));
    check_rejection(
        fails(api.complete_sso({"no-such-code", begun.state})), operation::complete_sso, {{"code", ""}});
    check_rejection(fails(api.complete_sso({email, begun.state})), operation::complete_sso, {{"state", ""}});
}

BOOST_AUTO_TEST_CASE(a_suspended_account_gets_no_session)
{
    server.set_sso(true);
    add_account();
    server.set_suspended(email, sandbox_suspension::temporary);
    auto const begun = ok(api.start_sso({}));
    check_failure(
        fails(api.complete_sso({email, begun.state})), operation::complete_sso,
        {errc::suspended, 403, api_code::account_suspended_temporarily, "ACCOUNT_SUSPENDED_TEMPORARILY"});
}

BOOST_AUTO_TEST_CASE(a_server_without_sso_says_so)
{
    api_failure const off{
        errc::feature_disabled, 403, api_code::feature_temporarily_disabled, "FEATURE_TEMPORARILY_DISABLED"};
    check_failure(fails(api.start_sso({})), operation::start_sso, off);
    check_failure(fails(api.complete_sso({"code", "state"})), operation::complete_sso, off);
}

BOOST_AUTO_TEST_CASE(what_breaks_a_rule_is_not_sent)
{
    refused(
        api.complete_sso({"", ""}), operation::complete_sso,
        {{"code", "INVALID_FORMAT"}, {"state", "INVALID_FORMAT"}});
    refused(
        api.complete_sso({std::string(257, 'c'), "state"}), operation::complete_sso,
        {{"code", "STRING_LENGTH_INVALID"}});
    refused(
        api.start_sso(sso_start_request().with_redirect_to(std::string(2049, '/'))), operation::start_sso,
        {{"redirect_to", "STRING_LENGTH_INVALID"}});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
