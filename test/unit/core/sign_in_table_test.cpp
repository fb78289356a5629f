#include "core/sign_in_table.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <utility>

using namespace fluxer::auth;
using core::next_step;
using core::sign_in_arrows;
using core::sign_in_event;

namespace {

constexpr auto last_step = static_cast<int>(sign_in_step::cancelled);
constexpr auto last_event = static_cast<int>(sign_in_event::cancelled);

sign_in_step step_of(int number)
{
    return static_cast<sign_in_step>(number);
}

sign_in_event event_of(int number)
{
    return static_cast<sign_in_event>(number);
}

} // namespace

BOOST_AUTO_TEST_SUITE(sign_in_table)

BOOST_AUTO_TEST_CASE(all_names_differ)
{
    std::set<std::string> names;
    for (int number = 0; number <= last_step; ++number)
        BOOST_TEST(names.emplace(to_string(step_of(number))).second);
    BOOST_TEST(!names.contains("unknown"));
    std::set<std::string> events;
    for (int number = 0; number <= last_event; ++number)
        BOOST_TEST(events.emplace(core::to_string(event_of(number))).second);
    BOOST_TEST(!events.contains("unknown"));
    BOOST_TEST(to_string(step_of(last_step + 1)) == "unknown");
    BOOST_TEST(core::to_string(event_of(last_event + 1)) == "unknown");
}

BOOST_AUTO_TEST_CASE(each_arrow_is_drawn_once_and_none_leaves_an_end)
{
    std::set<std::pair<int, int>> seen;
    for (auto const& arrow : sign_in_arrows()) {
        BOOST_TEST(!is_end(arrow.from));
        BOOST_TEST(seen.emplace(static_cast<int>(arrow.from), static_cast<int>(arrow.event)).second);
    }
}

BOOST_AUTO_TEST_CASE(every_step_can_be_reached)
{
    std::set<sign_in_step> reached{
        sign_in_step::log_in, sign_in_step::get_challenge, sign_in_step::complete_sso};
    for (auto grown = true; grown;) {
        grown = false;
        for (auto const& arrow : sign_in_arrows())
            if (reached.contains(arrow.from))
                grown = reached.insert(arrow.to).second || grown;
    }
    for (int number = 0; number <= static_cast<int>(sign_in_step::signed_in); ++number)
        BOOST_TEST(reached.contains(step_of(number)), to_string(step_of(number)));
}

BOOST_AUTO_TEST_CASE(what_ends_a_sign_in_ends_it_from_everywhere)
{
    using enum sign_in_step;
    for (int number = 0; number < static_cast<int>(signed_in); ++number) {
        auto const from = step_of(number);
        BOOST_TEST((next_step(from, sign_in_event::cancelled) == cancelled));
        BOOST_TEST((next_step(from, sign_in_event::timed_out) == timed_out));
        BOOST_TEST((next_step(from, sign_in_event::suspended) == suspended));
        BOOST_TEST((next_step(from, sign_in_event::sso_required) == sso_required));
        BOOST_TEST((next_step(from, sign_in_event::banned) == banned));
        BOOST_TEST((next_step(from, sign_in_event::rate_limited) == rate_limited));
        BOOST_TEST((next_step(from, sign_in_event::unhandled) == unhandled));
        BOOST_TEST((next_step(from, sign_in_event::exhausted) == exhausted));
        BOOST_TEST((next_step(from, sign_in_event::expired) == ticket_expired));
        BOOST_TEST((next_step(from, sign_in_event::failed) == failed));
    }
}

BOOST_AUTO_TEST_CASE(a_captcha_asked_for_where_none_can_be_is_a_failure)
{
    BOOST_TEST((next_step(sign_in_step::check_totp, sign_in_event::captcha_wanted) == sign_in_step::failed));
}

BOOST_AUTO_TEST_SUITE_END()
