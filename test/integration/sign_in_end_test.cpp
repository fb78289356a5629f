#include "sign_in_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <stdexcept>

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace utf = boost::unit_test;
using step = sign_in_step;

BOOST_FIXTURE_TEST_SUITE(sign_ins_that_are_ended, sign_in_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE_F(sign_in_fixture, the_deadline_holds_over_handlers, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    auto cancelled = false;
    handlers.mfa = [&](mfa_question) -> asio::awaitable<mfa_answer> {
        try {
            co_await for_ever();
        } catch (...) {
            cancelled = true;
            throw;
        }
        co_return mfa_answer();
    };
    options.deadline = 2s;
    auto const outcome = sign_in_now();
    check_end(outcome, step::timed_out, step::ask_mfa);
    BOOST_TEST(cancelled);
    BOOST_TEST((outcome.elapsed >= 2s));
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, the_deadline_holds_over_calls_and_waits, generations, generation)
{
    play(generation);
    options.deadline = 2s;
    sandbox_fault slow(sandbox_fault_kind::delay);
    slow.latency = 30s;
    server.set_fault("login_user", slow);
    check_end(sign_in_now(), step::timed_out, step::log_in);
    server.clear_faults();

    server.set_client_ip(other_ip);
    on_notice = [](ip_authorization_notice) -> asio::awaitable<bool> { co_return true; };
    check_end(sign_in_now(), step::timed_out, step::wait_for_ip);
}

BOOST_DATA_TEST_CASE_F(sign_in_fixture, what_a_handler_throws_is_thrown, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    handlers.mfa = [](mfa_question) -> asio::awaitable<mfa_answer> {
        throw std::runtime_error("no display");
        co_return mfa_answer();
    };
    BOOST_CHECK_THROW(sign_in_now(), std::runtime_error);

    server.reset();
    play(generation);
    add_account();
    server.set_client_ip(other_ip);
    on_notice = [](ip_authorization_notice) -> asio::awaitable<bool> {
        throw std::runtime_error("no display");
        co_return true;
    };
    BOOST_CHECK_THROW(sign_in_now(), std::runtime_error);
}

/// Runs a sign-in whose caller cancels it as soon as `when` holds.
sign_in_outcome cancelled_when(
    sign_in_fixture& of, std::function<bool()> const& when, asio::cancellation_type type)
{
    asio::cancellation_signal signal;
    std::optional<sign_in_outcome> got;
    asio::co_spawn(
        of.run.executor(), sign_in(of.api, password_credentials(email, password), of.handlers, of.options),
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr thrown, sign_in_outcome outcome) {
            if (thrown)
                outcome.end = sign_in_step::failed;
            got = std::move(outcome);
        }));
    of.run.until(when);
    signal.emit(type);
    of.run.until([&] { return got.has_value(); });
    return *std::move(got);
}

auto const all_types = utf::data::make({1, 2, 4});

BOOST_DATA_TEST_CASE_F(
    sign_in_fixture, it_can_be_cancelled_in_a_handler, all_types* generations, bits, generation)
{
    play(generation);
    server.enable_totp(email);
    auto asked = false;
    handlers.mfa = [&](mfa_question) -> asio::awaitable<mfa_answer> {
        asked = true;
        co_await for_ever();
        co_return mfa_answer();
    };
    auto const outcome = cancelled_when(
        *this, [&] { return asked; }, static_cast<asio::cancellation_type>(bits));
    check_end(outcome, step::cancelled, step::ask_mfa);
}

BOOST_DATA_TEST_CASE_F(
    sign_in_fixture, it_can_be_cancelled_while_it_waits_for_the_mail, all_types* generations, bits,
    generation)
{
    play(generation);
    server.set_client_ip(other_ip);
    auto ended = false;
    on_notice = [&](ip_authorization_notice) -> asio::awaitable<bool> {
        try {
            co_await for_ever();
        } catch (...) {
            ended = true;
            throw;
        }
        co_return true;
    };
    auto const outcome = cancelled_when(
        *this, [&] { return requests_of(operation::poll_ip_authorization) > 0; },
        static_cast<asio::cancellation_type>(bits));
    check_end(outcome, step::cancelled, step::wait_for_ip);
    BOOST_TEST(ended);
}

BOOST_DATA_TEST_CASE_F(
    sign_in_fixture, it_can_be_cancelled_in_a_call, all_types* generations, bits, generation)
{
    play(generation);
    sandbox_fault slow(sandbox_fault_kind::delay);
    slow.latency = 30s;
    server.set_fault("login_user", slow);
    auto const outcome = cancelled_when(
        *this, [&] { return requests_of(operation::login_user) > 0; },
        static_cast<asio::cancellation_type>(bits));
    check_end(outcome, step::cancelled, step::log_in);
    BOOST_TEST(outcome.error->request_was_sent());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
