#include "cli/event_printer.hpp"

#include <fluxer/auth/error.hpp>

#include <boost/test/unit_test.hpp>

#include <sstream>

namespace fluxer::auth::cli {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(event_line_suite)

BOOST_AUTO_TEST_CASE(a_handshake)
{
    event what;
    what.kind = event_kind::handshake_end;
    what.connection = 3;
    what.when = std::chrono::steady_clock::time_point(20'500us);
    what.duration = 1'200us;
    what.detail = "127.0.0.1:443";
    BOOST_TEST(
        event_line("laptop", what, std::chrono::steady_clock::time_point(500us)) ==
        "laptop   20.0 ms   handshake_end      connection 3  took 1.20 ms  127.0.0.1:443");
}

BOOST_AUTO_TEST_CASE(a_failed_call)
{
    event what;
    what.kind = event_kind::call_end;
    what.operation = operation::login_user;
    what.call = 7;
    what.attempt = 2;
    what.connection = 1;
    what.when = std::chrono::steady_clock::time_point(1s);
    what.duration = 300us;
    what.status = 400;
    what.code = make_error_code(errc::rejected_input);
    auto const line = event_line("tv", what, {});
    BOOST_TEST(line.starts_with("tv       1.00 s    call_end           call 7 login_user  attempt 2"));
    BOOST_TEST(line.find("status 400") != std::string::npos);
    BOOST_TEST(line.ends_with(what.code.message()));
}

BOOST_AUTO_TEST_CASE(one_line_per_event)
{
    std::ostringstream out;
    event_printer printer(out, "x");
    event what;
    what.detail = "a\nb";
    printer.on_event(what);
    printer.on_event(what);
    auto const text = out.str();
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 2);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
