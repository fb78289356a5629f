#include "wire/api_codes.hpp"

#include "support.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

// The status that contract 6.5 names for a code; the last ones are never raised.
int status_of(api_code code)
{
    if (code <= api_code::two_factor_required)
        return 400;
    if (code <= api_code::passkey_authentication_failed)
        return 401;
    if (code <= api_code::email_verification_required)
        return 403;
    if (code <= api_code::unknown_webauthn_credential)
        return 404;
    if (code <= api_code::ip_authorization_resend_limit_exceeded)
        return 429;
    return code <= api_code::invalid_webauthn_authentication_counter ? 500 : 403;
}

} // namespace

BOOST_AUTO_TEST_SUITE(api_code_table)

BOOST_AUTO_TEST_CASE(texts_are_unique)
{
    std::set<std::string_view> texts;
    for (auto const& row : wire::api_codes())
        BOOST_TEST(texts.insert(row.text).second, row.text);
}

BOOST_AUTO_TEST_CASE(each_code_is_understood_in_an_answer)
{
    for (auto const& row : wire::api_codes()) {
        auto const status = status_of(row.code);
        auto const info =
            error_of(status, "{\"code\":\"" + std::string(row.text) + "\",\"message\":\"words\"}");
        BOOST_TEST((info.api_code == row.code), row.text);
        BOOST_TEST(info.api_code_text == row.text);
        BOOST_TEST((info.code == row.group.value_or(errc::rejected)), row.text);
        BOOST_TEST(info.message == "words");
        BOOST_TEST(info.http_status == status);
        BOOST_TEST(info.body_excerpt.empty());
    }
}

BOOST_AUTO_TEST_CASE(unknown_codes_are_kept_and_grouped_by_status)
{
    auto const group = [](int status) {
        auto const info = error_of(status, R"({"code":"BRAND_NEW","message":"m"})");
        BOOST_TEST((info.api_code == api_code::unknown));
        BOOST_TEST(info.api_code_text == "BRAND_NEW");
        return info.code;
    };
    BOOST_TEST((group(400) == errc::rejected));
    BOOST_TEST((group(409) == errc::rejected));
    BOOST_TEST((group(401) == errc::unauthorized));
    BOOST_TEST((group(403) == errc::forbidden));
    BOOST_TEST((group(404) == errc::not_found));
    BOOST_TEST((group(429) == errc::rate_limited));
    BOOST_TEST((group(500) == errc::server_error));
    BOOST_TEST((group(502) == errc::server_error));
    BOOST_TEST((group(503) == errc::overloaded));
}

BOOST_AUTO_TEST_CASE(a_general_error_means_what_its_status_means)
{
    BOOST_TEST((error_of(401, R"({"code":"GENERAL_ERROR"})").code == errc::unauthorized));
    BOOST_TEST((error_of(400, R"({"code":"GENERAL_ERROR"})").code == errc::rejected));
}

BOOST_AUTO_TEST_SUITE_END()
