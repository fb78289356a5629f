#include <fluxer/auth/error.hpp>
#include <fluxer/auth/observer.hpp>
#include <fluxer/auth/operation.hpp>

#include <boost/test/unit_test.hpp>

#include <set>
#include <string_view>

namespace auth = fluxer::auth;

BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(of_operations)
{
    BOOST_TEST(to_string(auth::operation::get_sso_status) == "get_sso_status");
    BOOST_TEST(to_string(auth::operation::login_user) == "login_user");
    BOOST_TEST(to_string(auth::operation::list_auth_sessions) == "list_auth_sessions");
    BOOST_TEST(to_string(auth::operation::cancel_handoff) == "cancel_handoff");
    BOOST_TEST(to_string(auth::operation::raw) == "raw");
    BOOST_TEST(to_string(static_cast<auth::operation>(200)) == "unknown");
}

BOOST_AUTO_TEST_CASE(of_events)
{
    BOOST_TEST(to_string(auth::event_kind::call_start) == "call_start");
    BOOST_TEST(to_string(auth::event_kind::throttled) == "throttled");
    BOOST_TEST(to_string(auth::event_kind::connection_closed) == "connection_closed");
    BOOST_TEST(to_string(static_cast<auth::event_kind>(200)) == "unknown");
}

BOOST_AUTO_TEST_CASE(of_phases)
{
    BOOST_TEST(to_string(auth::phase::validation) == "validation");
    BOOST_TEST(to_string(auth::phase::first_byte) == "first_byte");
    BOOST_TEST(to_string(auth::phase::done) == "done");
    BOOST_TEST(to_string(static_cast<auth::phase>(200)) == "unknown");
}

BOOST_AUTO_TEST_CASE(of_operations_are_distinct)
{
    std::set<std::string_view> seen;
    for (int value = 0; value <= static_cast<int>(auth::operation::raw); ++value)
        seen.insert(to_string(static_cast<auth::operation>(value)));
    BOOST_TEST(seen.size() == 33U);
}

BOOST_AUTO_TEST_SUITE_END()
