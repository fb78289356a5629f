#include "support.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
using namespace std::chrono_literals;

namespace {

constexpr auto limited = R"({"code":"RATE_LIMITED","message":"m"})";

std::optional<milliseconds> wait(int status, std::string_view body, headers const& fields = {})
{
    return error_of(status, body, fields).retry_after;
}

} // namespace

// Contract 10.3.
BOOST_AUTO_TEST_SUITE(retry_wait)

BOOST_AUTO_TEST_CASE(the_body_is_asked_first)
{
    BOOST_TEST((wait(429, R"({"code":"RATE_LIMITED","retry_after":7})", {{"Retry-After", "9"}}) == 7s));
    BOOST_TEST((wait(429, R"({"code":"RATE_LIMITED","retry_after":0.25})") == 250ms));
    BOOST_TEST((wait(429, R"({"code":"RATE_LIMITED","retry_after":0.0001})") == 1ms));
    BOOST_TEST((wait(429, R"({"code":"RATE_LIMITED","retry_after":-3})") == 0ms));
    BOOST_TEST((wait(429, R"({"code":"RATE_LIMITED","retry_after":18446744073709551615})") == 24h));
    BOOST_TEST((wait(429, R"({"code":"RATE_LIMITED","retry_after":"7"})", {{"Retry-After", "9"}}) == 9s));
}

BOOST_AUTO_TEST_CASE(then_the_header)
{
    BOOST_TEST((wait(429, limited, {{"retry-after", "1.5"}}) == 1500ms));
    BOOST_TEST((wait(429, limited, {{"retry-after", "soon"}}) == std::nullopt));
    BOOST_TEST((wait(503, "<html>", {{"Retry-After", "3"}}) == 3s));
}

BOOST_AUTO_TEST_CASE(dates_are_relative_to_the_servers_clock)
{
    headers const fields{
        {"Retry-After", "Tue, 24 Nov 2026 03:05:00 GMT"}, {"Date", "Tue, 24 Nov 2026 03:04:00 GMT"}};
    BOOST_TEST((wait(429, limited, fields) == 60s));
    BOOST_TEST((wait(429, limited, {{"Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"}}) == 0s));
    BOOST_TEST((wait(429, limited, {{"Retry-After", "Sat, 06 Nov 2094 08:49:37 GMT"}}) == 24h));
}

BOOST_AUTO_TEST_CASE(then_the_cool_down_of_a_mail)
{
    auto const info =
        error_of(429, R"({"code":"IP_AUTHORIZATION_RESEND_COOLDOWN","resend_available_in":30})");
    BOOST_TEST((info.code == errc::resend_cooldown));
    BOOST_TEST((info.retry_after == 30s));
    BOOST_TEST((info.rate_limit->retry_after == 30s));
    BOOST_TEST((wait(429, R"({"code":"RATE_LIMITED","resend_available_in":30})") == std::nullopt));
}

BOOST_AUTO_TEST_CASE(no_wait_helps_once_the_limit_of_mails_is_reached)
{
    auto const info =
        error_of(429, R"({"code":"IP_AUTHORIZATION_RESEND_LIMIT_EXCEEDED"})", {{"Retry-After", "5"}});
    BOOST_TEST((info.code == errc::resend_limit));
    BOOST_TEST(!info.retry_after.has_value());
}

BOOST_AUTO_TEST_CASE(no_answer_without_a_word_has_a_wait)
{
    BOOST_TEST((wait(429, limited) == std::nullopt));
    BOOST_TEST((wait(500, "{}") == std::nullopt));
}

BOOST_AUTO_TEST_SUITE_END()
