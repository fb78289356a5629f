#include "support/fixture.hpp"

namespace fluxer::auth {

namespace {

using namespace test;
namespace utf = boost::unit_test;

register_request full_request()
{
    return register_request("1990-01-31", true)
        .with_email(email)
        .with_password(password)
        .with_username("ada_lovelace")
        .with_global_name("Ada Lovelace")
        .with_invite_code("abc123");
}

BOOST_FIXTURE_TEST_SUITE(registration, api_fixture, *utf::fixture<suite_sandbox>())

BOOST_AUTO_TEST_CASE(makes_an_account_and_a_session)
{
    auto const made = session_in(ok(api.register_account(full_request())));
    BOOST_TEST(looks_like_session_token(made.token));
    BOOST_TEST(server.is_session(made.token.reveal()));
    BOOST_TEST(server.user_id_of(email).value_or("") == made.user_id.str());
    BOOST_TEST(made.user_id.number().has_value());
    BOOST_TEST(requests_of(operation::register_account) >= 1U);
    BOOST_TEST(server.last_mail(email, "verify").has_value());

    auto const again = session_in(ok(api.login_user({email, password})));
    BOOST_TEST(again.user_id == made.user_id);
    BOOST_TEST(!(again.token == made.token));
}

BOOST_AUTO_TEST_CASE(makes_an_unclaimed_account_without_address_and_password)
{
    auto const made = session_in(ok(api.register_account({"1990-01-31", true})));
    BOOST_TEST(looks_like_session_token(made.token));
    BOOST_TEST(server.is_session(made.token.reveal()));
    BOOST_TEST(server.outbox().empty());
}

BOOST_AUTO_TEST_CASE(an_empty_invite_code_is_as_good_as_none)
{
    auto request = full_request();
    request.invite_code = "";
    BOOST_TEST(server.is_session(session_in(ok(api.register_account(request))).token.reveal()));
}

BOOST_AUTO_TEST_CASE(text_of_any_script_arrives_as_it_was)
{
    auto request = full_request();
    request.global_name = "Ada \xF0\x9F\xA6\x8A \"\\ \xC3\xA9\xE6\x97\xA5";
    request.password = "p\xC3\xA4ssword \xF0\x9F\xA6\x8A \" \\";
    ok(api.register_account(request));
    BOOST_TEST(looks_like_session_token(session_in(ok(api.login_user({email, *request.password}))).token));
}

BOOST_AUTO_TEST_CASE(the_minimum_age_is_the_servers_affair)
{
    std::chrono::year_month_day const today(std::chrono::floor<std::chrono::days>(server.now()));
    auto const young = std::to_string(static_cast<int>(today.year()) - 12) + "-01-01";
    for (auto const& date : {young, std::string("1990-13-45")}) {
        auto request = full_request();
        request.date_of_birth = date;
        auto const e = fails(api.register_account(request));
        check_rejection(e, operation::register_account, {{"date_of_birth", ""}});
    }
}

BOOST_AUTO_TEST_CASE(an_address_can_be_taken_or_without_mail)
{
    add_account();
    check_rejection(
        fails(api.register_account(full_request())), operation::register_account, {{"email", ""}});
    check_rejection(
        fails(api.register_account(full_request().with_email("ada@example.invalid"))),
        operation::register_account, {{"email", "INVALID_EMAIL_ADDRESS"}});
    // Both rules of the server speak at once for what the client's rule lets pass.
    check_rejection(
        fails(api.register_account(full_request().with_email("a\"b@example.com"))),
        operation::register_account, {{"email", "INVALID_EMAIL_LOCAL_PART"}});
}

BOOST_AUTO_TEST_CASE(a_common_password_is_refused_without_a_code)
{
    check_rejection(
        fails(api.register_account(full_request().with_password("password123"))), operation::register_account,
        {{"password", ""}});
}

BOOST_AUTO_TEST_CASE(names_can_be_reserved)
{
    check_rejection(
        fails(api.register_account(full_request().with_username("everyone"))), operation::register_account,
        {{"username", "USERNAME_RESERVED_VALUE"}});
    check_rejection(
        fails(api.register_account(full_request().with_username("the_fluxer"))), operation::register_account,
        {{"username", "USERNAME_CANNOT_CONTAIN_RESERVED_TERMS"}});
    check_rejection(
        fails(api.register_account(full_request().with_global_name("here"))), operation::register_account,
        {{"global_name", "GLOBAL_NAME_RESERVED_VALUE"}});
    check_rejection(
        fails(api.register_account(full_request().with_global_name("A System Message"))),
        operation::register_account, {{"global_name", "GLOBAL_NAME_CANNOT_CONTAIN_RESERVED_TERMS"}});
}

BOOST_AUTO_TEST_CASE(what_breaks_a_rule_is_not_sent)
{
    refused(api.register_account({"1990-01-31", false}), operation::register_account, {{"consent", ""}});
    refused(
        api.register_account({"1990-1-31", true}), operation::register_account,
        {{"date_of_birth", "STRING_LENGTH_EXACT"}, {"date_of_birth", "INVALID_FORMAT"}});
    refused(
        api.register_account({"31.01.1990", true}), operation::register_account,
        {{"date_of_birth", "INVALID_FORMAT"}});
    refused(
        api.register_account({"", true}), operation::register_account, {{"date_of_birth", "INVALID_FORMAT"}});
    refused(
        api.register_account(full_request().with_email("ada")), operation::register_account,
        {{"email", "INVALID_EMAIL_FORMAT"}});
    refused(
        api.register_account(full_request().with_email("")), operation::register_account,
        {{"email", "INVALID_FORMAT"}});
    refused(
        api.register_account(full_request().with_password("short")), operation::register_account,
        {{"password", "PASSWORD_LENGTH_INVALID"}});
    refused(
        api.register_account(full_request().with_username("a b")), operation::register_account,
        {{"username", "USERNAME_INVALID_CHARACTERS"}});
    refused(
        api.register_account(full_request().with_username(std::string(33, 'a'))), operation::register_account,
        {{"username", "USERNAME_LENGTH_INVALID"}});
    refused(
        api.register_account(full_request().with_global_name(std::string(33, 'a'))),
        operation::register_account, {{"global_name", "GLOBAL_NAME_LENGTH_INVALID"}});
    refused(
        api.register_account(full_request().with_global_name("\xFF")), operation::register_account,
        {{"global_name", "INVALID_UTF8"}});
    refused(
        api.register_account(full_request().with_invite_code(std::string(257, 'a'))),
        operation::register_account, {{"invite_code", "STRING_LENGTH_INVALID"}});
}

BOOST_AUTO_TEST_CASE(suggests_a_username)
{
    auto const found = ok(api.get_username_suggestions("Ada Lovelace"));
    BOOST_REQUIRE(found.suggestions.size() == 1U);
    BOOST_TEST(found.suggestions[0] == "Ada_Lovelace");
    // Nothing is left of it as a username.
    BOOST_TEST(ok(api.get_username_suggestions("\xE6\x97\xA5\xE6\x9C\xAC")).suggestions.empty());
}

BOOST_AUTO_TEST_CASE(suggestions_have_rules_too)
{
    constexpr auto suggest = operation::get_username_suggestions;
    check_rejection(
        fails(api.get_username_suggestions("everyone")), suggest,
        {{"global_name", "GLOBAL_NAME_RESERVED_VALUE"}});
    check_rejection(
        fails(api.get_username_suggestions("System Message")), suggest,
        {{"global_name", "GLOBAL_NAME_CANNOT_CONTAIN_RESERVED_TERMS"}});
    refused(api.get_username_suggestions(""), suggest, {{"global_name", "INVALID_FORMAT"}});
    refused(
        api.get_username_suggestions(std::string(33, 'x')), suggest,
        {{"global_name", "GLOBAL_NAME_LENGTH_INVALID"}});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
