#include <fluxer/auth/error.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>
#include <utility>

namespace auth = fluxer::auth;
using auth::errc;
using auth::retry_advice;

namespace {

struct circumstances
{
    bool sent = false;
    bool repeatable = false;
    std::optional<auth::milliseconds> retry_after = std::nullopt;
    int status = 0;
};

retry_advice advice(errc code, circumstances const& given = {})
{
    auth::error_info info;
    info.code = code;
    info.request_was_sent = given.sent;
    info.repeatable = given.repeatable;
    info.retry_after = given.retry_after;
    info.http_status = given.status;
    return auth::error(std::move(info)).advice();
}

constexpr auth::milliseconds five_seconds{5'000};

} // namespace

BOOST_AUTO_TEST_SUITE(error_advices)

BOOST_AUTO_TEST_CASE(failures_on_the_way_depend_on_what_was_sent)
{
    for (auto const code :
         {errc::timed_out, errc::cancelled, errc::connect_failed, errc::tls_failed, errc::connection_lost,
          errc::protocol_error, errc::body_too_large, errc::unexpected_answer}) {
        BOOST_TEST((advice(code) == retry_advice::yes));
        BOOST_TEST((advice(code, {.sent = true}) == retry_advice::may_have_run));
        BOOST_TEST((advice(code, {.sent = true, .repeatable = true}) == retry_advice::yes));
    }
}

BOOST_AUTO_TEST_CASE(what_would_fail_again_is_not_worth_a_retry)
{
    for (auto const code : {errc::invalid_request,  errc::invalid_option,
                            errc::shut_down,        errc::no_passkey,
                            errc::wrong_passphrase, errc::captcha_expired,
                            errc::captcha_unsolved, errc::not_an_instance,
                            errc::tls_untrusted,    errc::tls_expired,
                            errc::tls_wrong_host,   errc::rejected_input,
                            errc::rejected,         errc::captcha_required,
                            errc::captcha_invalid,  errc::ip_authorization_required,
                            errc::sudo_required,    errc::sso_required,
                            errc::unauthorized,     errc::passkey_failed,
                            errc::suspended,        errc::forbidden,
                            errc::feature_disabled, errc::not_supported_by_server,
                            errc::not_found,        errc::resend_limit}) {
        BOOST_TEST((advice(code, {.sent = true, .repeatable = true}) == retry_advice::no));
        BOOST_TEST((advice(code) == retry_advice::no));
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_for_load_did_not_run)
{
    for (auto const code : {errc::rate_limited, errc::resend_cooldown}) {
        BOOST_TEST((advice(code, {.sent = true}) == retry_advice::yes));
        BOOST_TEST((advice(code, {.sent = true, .retry_after = five_seconds}) == retry_advice::after_wait));
    }
    BOOST_TEST((advice(errc::queue_full) == retry_advice::yes));
    BOOST_TEST((advice(errc::queue_full, {.retry_after = five_seconds}) == retry_advice::after_wait));
}

BOOST_AUTO_TEST_CASE(a_failed_server_may_have_run_the_operation)
{
    for (auto const code : {errc::server_error, errc::proxy_error}) {
        for (auto const status : {500, 502, 504}) {
            BOOST_TEST((advice(code, {.sent = true, .status = status}) == retry_advice::may_have_run));
            BOOST_TEST(
                (advice(code, {.sent = true, .repeatable = true, .status = status}) == retry_advice::yes));
            BOOST_TEST(
                (advice(
                     code,
                     {.sent = true, .repeatable = true, .retry_after = five_seconds, .status = status}) ==
                 retry_advice::after_wait));
        }
    }
}

BOOST_AUTO_TEST_CASE(only_who_names_a_time_says_503_before_running_it)
{
    for (auto const code : {errc::overloaded, errc::proxy_error}) {
        BOOST_TEST(
            (advice(code, {.sent = true, .retry_after = five_seconds, .status = 503}) ==
             retry_advice::after_wait));
        BOOST_TEST((advice(code, {.sent = true, .status = 503}) == retry_advice::may_have_run));
        BOOST_TEST((advice(code, {.sent = true, .repeatable = true, .status = 503}) == retry_advice::yes));
    }
}

BOOST_AUTO_TEST_CASE(a_proxy_that_passed_nothing_on_did_not_run_it)
{
    BOOST_TEST((advice(errc::proxy_error, {.sent = true, .status = 408}) == retry_advice::yes));
    BOOST_TEST((advice(errc::proxy_error, {.sent = true, .status = 400}) == retry_advice::no));
    BOOST_TEST((advice(errc::proxy_error, {.sent = true, .status = 403}) == retry_advice::no));
}

BOOST_AUTO_TEST_SUITE_END()
