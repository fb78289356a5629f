// Calls from other executors than the client's.
#include "sweep/sweep.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <utility>

using namespace fluxer::auth;
using namespace fluxer::auth::test;
namespace data = boost::unit_test::data;

namespace {

constexpr caller places[] = {caller::beside_strand, caller::elsewhere};

scenario from(caller place, sweep_server& server, std::string name)
{
    auto what = scenario_for(
        server,
        std::move(name) + (place == caller::elsewhere ? ", from another context" : ", from beside a strand"));
    what.from = place;
    // There and back.
    what.most_handlers_after_a_blow = 6;
    what.begin = [](world& in, call_options with) {
        return ending_of(in.used->send(raw_request("POST", "/swept"), std::move(with)));
    };
    return what;
}

} // namespace

namespace fluxer::auth::test {

std::ostream& boost_test_print_type(std::ostream& out, caller value)
{
    return out << (value == caller::elsewhere ? "elsewhere" : "beside a strand");
}

} // namespace fluxer::auth::test

BOOST_AUTO_TEST_SUITE(bridged)

BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, fault_101_102_107_call_over_a_new_connection, data::make(places), place)
{
    sweep_server server(server_manners{});
    sweep(from(place, server, "send, cold"), 8);
}

BOOST_DATA_TEST_CASE_F(
    descriptor_baseline, fault_101_102_107_call_over_an_idle_connection, data::make(places), place)
{
    sweep_server server(server_manners{});
    auto what = from(place, server, "send, warm");
    what.prepare = warm;
    sweep(what, 3);
}

BOOST_DATA_TEST_CASE_F(descriptor_baseline, fault_101_102_107_warming_up, data::make(places), place)
{
    sweep_server server(server_manners{});
    auto what = from(place, server, "warm_up");
    what.begin = [](world& in, call_options with) { return ending_of(in.used->warm_up(2, std::move(with))); };
    what.times_asked = nullptr;
    // What is being connected goes on.
    what.most_handlers_after_a_blow = 12;
    sweep(what, 8);
}

BOOST_AUTO_TEST_SUITE_END()
