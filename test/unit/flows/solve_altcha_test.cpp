#include "altcha_support.hpp"
#include "run.hpp"

#include <fluxer/auth/altcha.hpp>

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <filesystem>
#include <future>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace auth = fluxer::auth;
using auth::errc;
using auth::test::content_of;
using auth::test::hash_of;

namespace {

auth::altcha_challenge challenge(std::uint64_t number, std::string salt = "pepper")
{
    auth::altcha_challenge made;
    made.challenge = hash_of(salt + std::to_string(number));
    made.salt = std::move(salt);
    made.signature = "signed";
    return made;
}

/// Years of work.
auth::altcha_challenge hopeless()
{
    auto made = challenge(0);
    made.challenge.assign(64, '0');
    made.max_number = ~std::uint64_t{0};
    return made;
}

auth::altcha_options unbounded()
{
    auth::altcha_options made;
    made.max_number = ~std::uint64_t{0};
    return made;
}

auth::result<auth::captcha_proof> solve(
    auth::altcha_challenge what, auth::altcha_options how = {}, asio::cancellation_slot cancel = {})
{
    asio::io_context context(1);
    return auth::test::run_to_end(context, auth::solve_altcha(std::move(what), std::move(how)), cancel);
}

} // namespace

BOOST_AUTO_TEST_SUITE(solving_altcha)

BOOST_AUTO_TEST_CASE(a_proof_is_what_the_server_checks)
{
    auto const proof = solve(challenge(4321)).value();
    BOOST_TEST(proof.type == "altcha");
    auto const content = content_of(proof);
    BOOST_TEST(content.size() == 5U);
    BOOST_TEST(content.at("algorithm").as_string() == "SHA-256");
    BOOST_TEST(content.at("salt").as_string() == "pepper");
    BOOST_TEST(content.at("signature").as_string() == "signed");
    BOOST_TEST(content.at("number").to_number<int>() == 4321);
    BOOST_TEST(content.at("challenge").as_string() == hash_of("pepper4321"));
}

BOOST_AUTO_TEST_CASE(bounds_of_both_sides_hold)
{
    auto what = challenge(500);
    what.max_number = 499;
    auto const beyond = solve(what);
    BOOST_REQUIRE(beyond.has_error());
    BOOST_TEST((beyond.error().code() == errc::captcha_unsolved));
    BOOST_TEST(
        beyond.error().to_string() ==
        "captcha unsolved: no number up to 499 is right; do not retry unchanged");
    what.max_number = 1'000'000;
    auth::altcha_options how;
    how.max_number = 499;
    BOOST_TEST((solve(what, how).error().code() == errc::captcha_unsolved));
    how.max_number = 500;
    BOOST_TEST(solve(what, how).has_value());
}

BOOST_AUTO_TEST_CASE(a_challenge_that_ended_long_ago_is_not_worked_on)
{
    auto const ended = [](std::string salt) {
        auto what = challenge(1, std::move(salt));
        what.expires = auth::timestamp(std::chrono::seconds(1));
        return solve(std::move(what));
    };
    auto const failed = ended("s?expires=1");
    BOOST_REQUIRE(failed.has_error());
    BOOST_TEST((failed.error().code() == errc::captcha_expired));
    auto lasting = challenge(1, "s?expires=253402300799");
    lasting.expires = auth::timestamp(std::chrono::seconds(253'402'300'799));
    BOOST_TEST(solve(lasting).has_value());
}

// The server's clock counts, and this machine's may be ahead of it.
BOOST_AUTO_TEST_CASE(a_challenge_that_seems_to_have_ended_is_worked_on)
{
    for (auto const ago : {std::chrono::minutes(0), std::chrono::minutes(1), std::chrono::minutes(23 * 60)}) {
        auto what = challenge(77);
        what.expires = std::chrono::floor<auth::milliseconds>(std::chrono::system_clock::now()) - ago;
        BOOST_TEST(solve(what).has_value());
    }
}

BOOST_AUTO_TEST_CASE(who_finds_nothing_in_time_is_told_that_the_challenge_has_ended)
{
    auto what = hopeless();
    what.expires =
        std::chrono::ceil<auth::milliseconds>(std::chrono::system_clock::now()) + auth::milliseconds(50);
    auto how = unbounded();
    how.timeout = auth::milliseconds(100);
    auto const failed = solve(what, how);
    BOOST_REQUIRE(failed.has_error());
    BOOST_TEST((failed.error().code() == errc::captcha_expired));
}

BOOST_AUTO_TEST_CASE(time_runs_out)
{
    auto how = unbounded();
    how.timeout = auth::milliseconds(1);
    auto const failed = solve(hopeless(), how);
    BOOST_REQUIRE(failed.has_error());
    BOOST_TEST((failed.error().code() == errc::timed_out));
    BOOST_TEST((failed.error().limit() == auth::milliseconds(1)));
}

BOOST_AUTO_TEST_CASE(it_can_be_cancelled_while_the_callers_thread_is_free)
{
    for (auto const type :
         {asio::cancellation_type::terminal, asio::cancellation_type::partial,
          asio::cancellation_type::total}) {
        asio::io_context context(1);
        asio::cancellation_signal signal;
        // Comes to its turn only because the work is done elsewhere.
        asio::post(context, [&context, &signal, type] {
            asio::post(context, [&signal, type] { signal.emit(type); });
        });
        auto const failed =
            auth::test::run_to_end(context, auth::solve_altcha(hopeless(), unbounded()), signal.slot());
        BOOST_REQUIRE(failed.has_error());
        BOOST_TEST((failed.error().code() == errc::cancelled));
    }
}

BOOST_AUTO_TEST_CASE(proofs_share_the_threads_of_the_process)
{
    auto const threads = [] {
        auto const all = std::filesystem::directory_iterator("/proc/self/task");
        return std::distance(begin(all), end(all));
    };
    auto const before = threads();
    asio::io_context context(1);
    for (int count = 0; count < 50; ++count)
        asio::co_spawn(context, auth::solve_altcha(hopeless(), unbounded()), asio::detached);
    context.poll();
    BOOST_TEST(threads() - before <= static_cast<std::ptrdiff_t>(std::thread::hardware_concurrency()));
}

BOOST_AUTO_TEST_CASE(a_context_may_end_during_the_work)
{
    asio::io_context context(1);
    asio::co_spawn(context, auth::solve_altcha(hopeless(), unbounded()), asio::detached);
    BOOST_TEST(context.poll() > 0U);
}

BOOST_AUTO_TEST_CASE(an_executor_of_the_callers_choice_does_the_work)
{
    asio::thread_pool workers(1);
    auto how = unbounded();
    how.executor = workers.get_executor();
    BOOST_TEST(solve(challenge(1000), how).has_value());
    how.timeout = auth::milliseconds(5);
    BOOST_TEST((solve(hopeless(), how).error().code() == errc::timed_out));
    // The worker is free again.
    workers.join();
}

BOOST_AUTO_TEST_CASE(many_at_once_on_many_threads)
{
    asio::thread_pool callers(4);
    std::vector<std::future<auth::result<auth::captcha_proof>>> all;
    for (std::uint64_t number = 0; number < 100; ++number)
        all.push_back(asio::co_spawn(callers, auth::solve_altcha(challenge(number)), asio::use_future));
    for (auto& one : all)
        BOOST_TEST(one.get().has_value());
}

BOOST_AUTO_TEST_CASE(what_is_malformed_is_refused)
{
    auto what = challenge(1);
    what.algorithm = "MD5";
    BOOST_TEST(solve(what).error().field("algorithm") != nullptr);
    what = challenge(1);
    what.challenge = "abc";
    BOOST_TEST(solve(what).error().field("challenge") != nullptr);
    auth::altcha_options how;
    how.timeout = auth::milliseconds(0);
    BOOST_TEST((solve(challenge(1), how).error().code() == errc::invalid_option));
    how.timeout = std::chrono::hours(25);
    BOOST_TEST((solve(challenge(1), how).error().code() == errc::invalid_option));
}

BOOST_AUTO_TEST_SUITE_END()
