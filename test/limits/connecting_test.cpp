// Which addresses are tried, and how many at once.
#include "limits/support.hpp"
#include "net/suspect_addresses.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/test/unit_test.hpp>

#include <fluxer/auth/clock.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

using endpoint = net::suspect_addresses::endpoint;

endpoint made_of(int last)
{
    return {asio::ip::make_address("127.0.0." + std::to_string(last)), 443};
}

std::vector<endpoint> all_of(std::initializer_list<int> last)
{
    std::vector<endpoint> made;
    for (auto const each : last)
        made.push_back(made_of(each));
    return made;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(connecting, descriptor_baseline)

BOOST_AUTO_TEST_CASE(suspects_come_last_and_the_latest_at_the_end)
{
    net::suspect_addresses suspects;
    suspects.failed(made_of(1));
    suspects.failed(made_of(3));
    auto endpoints = all_of({1, 2, 3, 4});
    suspects.move_back(endpoints);
    BOOST_TEST((endpoints == all_of({2, 4, 1, 3})));
    suspects.failed(made_of(1));
    suspects.worked(made_of(3));
    endpoints = all_of({1, 2, 3, 4});
    suspects.move_back(endpoints);
    BOOST_TEST((endpoints == all_of({2, 3, 4, 1})));
    // However many have failed by now.
    for (int last = 5; last < 250; ++last)
        suspects.failed(made_of(last));
    endpoints = all_of({249, 1, 2});
    suspects.move_back(endpoints);
    BOOST_TEST((endpoints == all_of({1, 2, 249})));
}

// As of a name whose servers are gone but for one.
BOOST_AUTO_TEST_CASE(the_ninth_address_has_its_turn_too)
{
    scripted_server const server(test_authority().issue(), [](peer& with) {
        if (!with.handshake())
            return;
        while (!with.read_request().empty())
            with.respond(204, "");
    });
    black_hole const hole(server.port());
    auto const clock = std::make_shared<manual_clock>();
    auto options = patient_options(server);
    options.clock = clock;
    options.resolver = [](std::string const&) {
        std::vector<std::string> addresses(20, black_hole::address);
        addresses.emplace_back("127.0.0.1");
        return addresses;
    };
    asio::io_context context{1};
    client used(context.get_executor(), std::move(options));
    pending<result<raw_response>> call(context, used.send(raw_request("GET", "/x")));
    run_until(context, [&] {
        clock->advance(10ms);
        return call.done();
    });
    auto const got = call.get(context);
    BOOST_TEST(got.has_value(), got.error());
}

BOOST_AUTO_TEST_CASE(addresses_that_do_not_answer_are_tried_a_few_at_once)
{
    scripted_server const server(test_authority().issue(), [](peer&) {});
    black_hole const hole(server.port());
    auto const clock = std::make_shared<manual_clock>();
    auto options = patient_options(server);
    options.clock = clock;
    options.resolver = [](std::string const&) { return std::vector<std::string>(30, black_hole::address); };
    asio::io_context context{1};
    client used(context.get_executor(), std::move(options));
    pending<result<raw_response>> call(context, used.send(raw_request("GET", "/x")));
    std::size_t most = 0;
    auto const idle = open_descriptors();
    run_until(context, [&] { return open_descriptors() > idle; });
    for (int turn = 0; turn < 60; ++turn) {
        clock->advance(250ms);
        context.restart();
        context.run_for(2ms);
        most = std::max(most, open_descriptors() - idle);
    }
    BOOST_TEST(most == 8U);
    call.cancel(asio::cancellation_type::terminal);
    BOOST_TEST(call.get(context).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
