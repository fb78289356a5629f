#include <fluxer/auth/error.hpp>

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <utility>
#include <vector>

namespace auth = fluxer::auth;
using auth::condition;
using auth::errc;

namespace {

std::vector<condition> conditions_of(errc value)
{
    std::vector<condition> matching;
    for (auto const candidate :
         {condition::local, condition::timeout, condition::transport, condition::tls, condition::protocol,
          condition::api}) {
        if (make_error_code(value) == candidate)
            matching.push_back(candidate);
    }
    return matching;
}

void expect(std::vector<condition> const& wanted, std::vector<errc> const& values)
{
    for (auto const value : values)
        BOOST_TEST((conditions_of(value) == wanted), make_error_code(value).message());
}

auth::result<int> failing()
{
    auth::error_info info;
    info.code = errc::not_found;
    info.http_status = 404;
    return auth::error(std::move(info));
}

} // namespace

BOOST_AUTO_TEST_SUITE(error_categories)

BOOST_AUTO_TEST_CASE(have_names_and_messages)
{
    BOOST_TEST(auth::error_category().name() == "fluxer.auth");
    BOOST_TEST(auth::condition_category().name() == "fluxer.auth.condition");
    BOOST_TEST(make_error_code(errc::timed_out).message() == "a time limit ran out");
    BOOST_TEST(make_error_code(errc{}).message() == "no error");
    BOOST_TEST(make_error_code(static_cast<errc>(12345)).message() == "unknown error");
    BOOST_TEST(make_error_condition(condition::tls).message() == "no trustworthy TLS connection");
}

BOOST_AUTO_TEST_CASE(every_code_belongs_to_its_conditions)
{
    expect(
        {condition::local},
        {errc::invalid_request, errc::invalid_option, errc::shut_down, errc::queue_full, errc::no_passkey,
         errc::wrong_passphrase, errc::captcha_expired, errc::captcha_unsolved, errc::cancelled});
    expect({condition::timeout}, {errc::timed_out});
    expect(
        {condition::transport},
        {errc::resolve_failed, errc::connect_failed, errc::proxy_failed, errc::connection_lost});
    expect(
        {condition::transport, condition::tls},
        {errc::tls_failed, errc::tls_untrusted, errc::tls_expired, errc::tls_wrong_host});
    expect(
        {condition::protocol}, {errc::protocol_error, errc::header_too_large, errc::body_too_large,
                                errc::unexpected_answer, errc::not_an_instance});
    expect(
        {condition::api}, {errc::rejected_input, errc::captcha_required, errc::unauthorized,
                           errc::rate_limited, errc::overloaded, errc::proxy_error});
    expect({}, {errc{}, static_cast<errc>(12345)});
}

BOOST_AUTO_TEST_CASE(other_categories_match_no_condition)
{
    boost::system::error_code const foreign(
        static_cast<int>(errc::timed_out), boost::system::generic_category());
    BOOST_TEST((foreign != condition::timeout));
}

BOOST_AUTO_TEST_CASE(a_result_with_an_error_throws_it)
{
    auto const outcome = failing();
    BOOST_TEST(!outcome);
    BOOST_TEST((outcome.error().code() == errc::not_found));
    try {
        static_cast<void>(outcome.value());
        BOOST_ERROR("nothing was thrown");
    } catch (auth::exception const& thrown) {
        BOOST_TEST((thrown.error().code() == condition::api));
        BOOST_TEST(thrown.what() == outcome.error().to_string());
    }
}

BOOST_AUTO_TEST_CASE(a_result_with_a_value_has_no_error)
{
    auth::result<int> const outcome(1);
    BOOST_TEST(!outcome.error().code().failed());
    BOOST_TEST((auth::error().code() == errc{}));
    BOOST_TEST(auth::error().to_string() == "no error");
    BOOST_TEST((auth::error().advice() == auth::retry_advice::no));
    BOOST_TEST(auth::error().ip_authorization() == nullptr);
}

BOOST_AUTO_TEST_CASE(details_are_found)
{
    auth::error_info info;
    info.code = errc::ip_authorization_required;
    info.ip_authorization.emplace("ticket", "me@example.com", std::chrono::seconds(30));
    info.fields.emplace_back("email", "CODE", "message");
    info.sudo.emplace(true);
    auth::error const e(info);
    BOOST_REQUIRE(e.ip_authorization() != nullptr);
    BOOST_TEST(e.ip_authorization()->email == "me@example.com");
    BOOST_REQUIRE(e.sudo() != nullptr);
    BOOST_TEST(e.sudo()->has_mfa);
    BOOST_TEST(e.captcha() == nullptr);
    BOOST_TEST(e.rate_limit() == nullptr);
    BOOST_REQUIRE(e.field("email") != nullptr);
    BOOST_TEST(e.field("email")->code == "CODE");
    BOOST_TEST(e.field("password") == nullptr);
    std::ostringstream out;
    out << e;
    BOOST_TEST(out.str() == e.to_string());
}

BOOST_AUTO_TEST_SUITE_END()
