// discover, which makes a client of its own.
#include "sweep/sweep.hpp"

#include <fluxer/auth/discovery.hpp>

#include <boost/test/unit_test.hpp>

#include <utility>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

constexpr char const* document = R"({"api_code_version":1,"endpoints":{"api":"https://localhost/api"}})";

scenario discovery_at(sweep_server& server, std::string name, std::string path)
{
    auto what = scenario_for(server, std::move(name));
    what.begin = [url = server.where().base_url() + std::move(path)](world& in, call_options with) {
        discovery_options asking(in.options);
        asking.call = std::move(with);
        return ending_of(discover(in.context->get_executor(), url, std::move(asking)));
    };
    // Not of the world's client, which only shows that nothing is left to be in the way of others.
    what.has_begun = [](world& in) { return in.log->calls > 0; };
    what.counts_connections = false;
    std::erase(what.blows, blow::client_cancel);
    // Its client ends behind it.
    what.settle = [port = what.port](world& in) { in.run_until([port] { return sockets_to(port) == 0; }); };
    return what;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(discoveries, descriptor_baseline)

BOOST_AUTO_TEST_CASE(fault_101_102_107_discovery)
{
    server_manners manners;
    manners.answer = document;
    manners.pace = 48;
    sweep_server server(manners);
    sweep(discovery_at(server, "discover", ""), 8);
}

BOOST_AUTO_TEST_CASE(fault_101_102_107_discovery_from_another_context)
{
    server_manners manners;
    manners.answer = document;
    sweep_server server(manners);
    auto what = discovery_at(server, "discover, from another context", "");
    what.from = caller::elsewhere;
    // The context must outlive the call, as discover says.
    std::erase(what.blows, blow::destruction);
    // There and back.
    what.most_handlers_after_a_blow = 6;
    sweep(what, 8);
}

BOOST_AUTO_TEST_CASE(fault_101_102_107_discovery_that_looks_everywhere)
{
    sweep_server server(server_manners{});
    auto what = discovery_at(server, "discover, nothing there", "/api/v1");
    what.most_times_asked = 3;
    sweep(what, 10);
}

BOOST_AUTO_TEST_SUITE_END()
