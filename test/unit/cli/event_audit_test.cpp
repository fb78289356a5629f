#include "cli/event_audit.hpp"

#include <boost/test/unit_test.hpp>

namespace fluxer::auth::cli {

namespace {

class audited
{
public:
    audited& tell(event_kind kind, std::uint64_t call = 1, operation what = operation::login_user)
    {
        event one;
        one.kind = kind;
        one.call = call;
        one.operation = what;
        audit_.on_event(one);
        return *this;
    }

    std::string complaint() const
    {
        auto const all = audit_.complaints();
        BOOST_TEST(all.size() <= 1U);
        return all.empty() ? std::string{} : all.front();
    }

private:
    event_audit audit_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(event_audit_suite)

BOOST_AUTO_TEST_CASE(calls_as_they_should_be)
{
    audited events;
    events.tell(event_kind::call_start, 1).tell(event_kind::call_start, 2);
    events.tell(event_kind::request_sent, 1).tell(event_kind::request_sent, 2);
    events.tell(event_kind::call_end, 2).tell(event_kind::call_end, 1);
    events.tell(event_kind::connection_closed, 0);
    BOOST_TEST(events.complaint() == "");
}

BOOST_AUTO_TEST_CASE(a_call_without_end)
{
    audited events;
    events.tell(event_kind::call_start);
    BOOST_TEST(events.complaint() == "1 calls have an event for their begin and none for their end");
}

BOOST_AUTO_TEST_CASE(a_second_begin)
{
    audited events;
    events.tell(event_kind::call_start).tell(event_kind::call_start).tell(event_kind::call_end);
    BOOST_TEST(events.complaint() == "1 calls have more than one event for their begin");
}

BOOST_AUTO_TEST_CASE(a_second_end)
{
    audited events;
    events.tell(event_kind::call_start).tell(event_kind::call_end).tell(event_kind::call_end);
    BOOST_TEST(events.complaint() == "1 events for the end of a call that was not under way");
}

BOOST_AUTO_TEST_CASE(only_what_is_repeatable_may_be_sent_again)
{
    audited list;
    list.tell(event_kind::call_start);
    for (int i = 0; i < 2; ++i)
        list.tell(event_kind::request_sent, 1, operation::list_auth_sessions);
    list.tell(event_kind::call_end);
    BOOST_TEST(list.complaint() == "");
    audited login;
    login.tell(event_kind::call_start);
    for (int i = 0; i < 3; ++i)
        login.tell(event_kind::request_sent);
    login.tell(event_kind::call_end);
    BOOST_TEST(login.complaint() == "1 logins were sent more than once");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
