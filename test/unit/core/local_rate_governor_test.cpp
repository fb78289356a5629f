#include <fluxer/auth/clock.hpp>
#include <fluxer/auth/rate.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace fluxer::auth;
using namespace std::chrono_literals;

namespace {

rate_limit_key key(
    rate_scope scope, std::string bucket, std::string subject, unsigned limit, milliseconds window)
{
    rate_limit_key made;
    made.scope = scope;
    made.bucket = std::move(bucket);
    made.subject = std::move(subject);
    made.limit = limit;
    made.window = window;
    return made;
}

struct fixture
{
    rate_request login()
    {
        return request(
            {key(rate_scope::global, "global", "address:", 50, 1s),
             key(rate_scope::bucket, "auth:login", "address:", 10, 10s)});
    }

    rate_request list_sessions(std::string session)
    {
        return request(
            {key(rate_scope::global, "global", "session:" + session, 50, 1s),
             key(rate_scope::bucket, "auth:sessions", "session:" + session, 40, 10s)});
    }

    rate_request request(std::vector<rate_limit_key> keys)
    {
        rate_request made;
        made.ticket = ++ticket;
        made.keys = std::move(keys);
        return made;
    }

    rate_verdict ask(rate_request const& what) { return ask(governor, what); }

    static rate_verdict ask(rate_governor& of, rate_request const& what)
    {
        rate_verdict got;
        of.acquire(what, [&](result<rate_verdict> answer) { got = answer.value(); });
        return got;
    }

    template <class Make>
    unsigned burst(rate_governor& of, Make make)
    {
        for (unsigned count = 0;; ++count) {
            auto const what = make();
            if (!ask(of, what).granted) {
                of.withdraw(what, false);
                return count;
            }
            BOOST_REQUIRE(count < 1'000);
        }
    }

    void show_limits()
    {
        rate_answer answer;
        answer.status = 200;
        answer.announces_limits = true;
        answer.limit = 10;
        governor.learn(login(), answer);
        clock->advance(10ms); // as exactly as a server counts
    }

    std::uint64_t ticket = 0;
    std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>();
    local_rate_governor governor{clock};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(local_rate_governors, fixture)

BOOST_AUTO_TEST_CASE(of_many_hosts_those_are_forgotten_that_nobody_has_and_that_are_at_rest)
{
    auto const held = shared_rate_governor("https://held.example.test");
    std::weak_ptr<local_rate_governor> used;
    {
        auto const busy = shared_rate_governor("https://busy.example.test");
        used = busy;
        auto const once = request({key(rate_scope::global, "global", "session:a", 1, 1h)});
        BOOST_TEST(ask(*busy, once).granted);
        BOOST_TEST(!busy->is_at_rest());
    }
    std::vector<std::weak_ptr<local_rate_governor>> idle;
    for (int number = 0; number < 1'000; ++number)
        idle.push_back(shared_rate_governor("https://" + std::to_string(number) + ".example.test"));
    auto const left = std::ranges::count_if(idle, [](auto const& one) { return !one.expired(); });
    BOOST_TEST(left < 100);
    BOOST_TEST(shared_rate_governor("https://held.example.test") == held);
    BOOST_TEST(shared_rate_governor("https://busy.example.test") == used.lock());
    BOOST_TEST(held->is_at_rest());
}

BOOST_AUTO_TEST_CASE(counts_nothing_but_sessions_before_a_limit_is_seen)
{
    BOOST_TEST(!governor.concerns(operation::login_user, false));
    BOOST_TEST(governor.concerns(operation::list_auth_sessions, true));
    for (int count = 0; count < 200; ++count)
        BOOST_TEST(ask(login()).granted);
    BOOST_TEST(burst(governor, [&] { return list_sessions("a"); }) == 50U); // not the bucket's 40
}

BOOST_AUTO_TEST_CASE(counts_buckets_once_a_limit_is_seen)
{
    show_limits();
    BOOST_TEST(governor.concerns(operation::login_user, false));
    // Of ten, the one that showed the limit is used.
    BOOST_TEST(burst(governor, [&] { return login(); }) == 9U);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_a_limit_seen)
{
    rate_answer answer;
    answer.status = 429;
    answer.retry_after = 2s;
    governor.learn(login(), answer);
    BOOST_TEST(governor.concerns(operation::login_user, false));
}

BOOST_AUTO_TEST_CASE(counts_what_was_under_way_when_a_limit_was_seen)
{
    auto const make = [this] {
        auto made = login();
        made.keys.push_back(key(rate_scope::inner, "auth:login", "email:e", 5, 15min));
        return made;
    };
    rate_answer good;
    good.status = 200;
    good.announces_limits = true;
    good.limit = 10;
    good.remaining = 7;
    good.age = 20ms;
    rate_answer wrong_password;
    wrong_password.status = 400;
    wrong_password.age = 20ms;
    rate_answer refused;
    refused.status = 429;
    refused.retry_after = 1ms;
    refused.age = 20ms;
    clock->advance(1s);
    governor.learn(make(), good);
    clock->advance(10ms);
    governor.learn(make(), wrong_password);
    governor.learn(make(), refused); // which the server has not counted
    clock->advance(10ms);
    auto const asked = make();
    BOOST_TEST(ask(asked).granted);
    good.age = 1ms;
    governor.learn(asked, good);
    // Of five, three are used.
    BOOST_TEST(burst(governor, make) == 2U);
}

BOOST_AUTO_TEST_CASE(counts_the_sessions_of_a_user_together)
{
    governor.introduce("session:a", "17");
    governor.introduce("session:b", "17");
    governor.introduce("session:c", "18");
    BOOST_TEST(burst(governor, [&] { return list_sessions("a"); }) == 50U);
    BOOST_TEST(burst(governor, [&] { return list_sessions("b"); }) == 0U);
    BOOST_TEST(burst(governor, [&] { return list_sessions("c"); }) == 50U);
}

BOOST_AUTO_TEST_CASE(what_is_saved_goes_on_elsewhere)
{
    show_limits();
    burst(governor, [&] { return login(); });
    auto const text = boost::json::serialize(governor.save());
    local_rate_governor other(clock);
    BOOST_TEST(other.restore(boost::json::parse(text)));
    BOOST_TEST(burst(other, [&] { return login(); }) <= 1U);
    clock->advance(10s);
    BOOST_TEST(burst(other, [&] { return login(); }) >= 9U);
}

BOOST_AUTO_TEST_CASE(figures_beyond_all_bounds_are_restored_as_the_greatest)
{
    BOOST_TEST(governor.restore(boost::json::parse(
        R"({"version":1,"saved_at_ms":1,"has_limits":true,"buckets":[{"bucket":"a","subject":"b","limit":4294967295,
            "window_ms":99999999999,"empty_in_ms":99999999999,"blocked_for_ms":0}]})")));
    BOOST_TEST(governor.size() == 1U);
    BOOST_TEST(!governor.restore(boost::json::parse(
        R"({"version":1,"saved_at_ms":-9223372036854775808,"has_limits":true,"buckets":[]})")));
}

// All left before there was a limit, and a server that is laxer than the contract served them.
BOOST_AUTO_TEST_CASE(what_is_counted_afterwards_fills_no_more_than_the_window)
{
    std::vector<rate_request> asked;
    for (int count = 0; count < 64; ++count) {
        asked.push_back(login());
        BOOST_REQUIRE(ask(asked.back()).granted);
    }
    clock->advance(1s);
    rate_answer good;
    good.status = 200;
    good.announces_limits = true;
    good.age = 1s;
    for (auto const& each : asked)
        governor.learn(each, good);
    clock->advance(30min);
    BOOST_TEST(burst(governor, [&] { return login(); }) >= 1U);
}

BOOST_AUTO_TEST_CASE(refuses_what_it_did_not_save)
{
    for (auto const* const text :
         {"null", "{}", "[]", R"({"version":2,"saved_at_ms":1,"has_limits":true,"buckets":[]})",
          R"({"version":1,"saved_at_ms":1,"has_limits":1,"buckets":[]})",
          R"({"version":1,"saved_at_ms":1,"has_limits":true,"buckets":{}})",
          R"({"version":1,"saved_at_ms":1,"has_limits":true,"buckets":[7]})",
          R"({"version":1,"saved_at_ms":1,"has_limits":true,"buckets":[{"bucket":"a","subject":"b","limit":0,
              "window_ms":1,"empty_in_ms":0,"blocked_for_ms":0}]})",
          R"({"version":1,"saved_at_ms":1,"has_limits":true,"buckets":[{"bucket":"a","subject":"b","limit":1,
              "window_ms":1,"empty_in_ms":-5,"blocked_for_ms":0}]})"}) {
        BOOST_TEST_CONTEXT(text)
        {
            BOOST_TEST(!governor.restore(boost::json::parse(text)));
        }
    }
    BOOST_TEST(governor.size() == 0U);
    BOOST_TEST(!governor.concerns(operation::login_user, false));
}

BOOST_AUTO_TEST_CASE(one_is_shared_by_all_clients_of_a_server)
{
    auto const one = shared_rate_governor("https://a.example/v1");
    BOOST_TEST(one == shared_rate_governor("https://A.example:443/api/v1"));
    BOOST_TEST(one != shared_rate_governor("https://a.example:444/v1"));
    BOOST_CHECK_THROW(shared_rate_governor("ftp://a.example"), exception);
    BOOST_TEST(shared_rate_governor("http://a.example") != shared_rate_governor("https://a.example"));
}

BOOST_AUTO_TEST_CASE(what_the_server_refused_uncounted_is_not_counted)
{
    show_limits();
    rate_answer refused;
    refused.status = 400;
    refused.counted = false;
    for (int count = 0; count < 30; ++count) {
        auto const request = login();
        BOOST_REQUIRE(ask(request).granted);
        governor.learn(request, refused);
    }
    // The first answer's request is.
    for (int count = 0; count < 9; ++count)
        BOOST_TEST(ask(login()).granted);
    auto const one_more = ask(login());
    BOOST_TEST(!one_more.granted);
    BOOST_TEST(one_more.bucket == "auth:login");
}

BOOST_AUTO_TEST_CASE(leave_from_before_any_limit_gives_no_slot_back)
{
    auto const early = list_sessions("mine");
    BOOST_TEST(ask(early).granted);
    show_limits();
    burst(governor, [&] { return list_sessions("mine"); });
    governor.withdraw(early, true);
    BOOST_TEST(burst(governor, [&] { return list_sessions("mine"); }) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
