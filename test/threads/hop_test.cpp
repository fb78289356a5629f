#include "limits/support.hpp"

#include <fluxer/auth/observer.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

class sent_watch : public observer
{
public:
    void on_event(event const& what) override
    {
        if (what.kind == event_kind::request_sent)
            ++sent;
    }

    int sent = 0;
};

void serve(peer& with)
{
    if (!with.handshake())
        return;
    while (!with.read_request().empty())
        with.send("HTTP/1.1 204 No Content\r\n\r\n");
}

/// How many handlers the context runs from the start of a coroutine that calls to the request's last byte, over a
/// connection that is there already.
int handlers_until_sent(
    asio::io_context& context, client used, asio::any_io_executor const& on, sent_watch& watch)
{
    BOOST_REQUIRE(run(context, used.warm_up(1)).has_value());
    {
        // A moved timer's old wait may still be queued: it is no work that keeps a context running until it is gone.
        auto const guard = asio::make_work_guard(context);
        context.restart();
        context.poll();
    }
    auto const before = watch.sent;
    pending<result<raw_response>> call(on, used.send(raw_request("POST", "/x")));
    int handlers = 0;
    while (watch.sent == before && handlers < 100) {
        context.restart();
        handlers += static_cast<int>(context.poll_one());
    }
    BOOST_REQUIRE(call.get(context).has_value());
    return handlers;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(hops, descriptor_baseline)

BOOST_AUTO_TEST_CASE(awaiting_from_the_clients_own_executor_costs_none)
{
    scripted_server const server(test_authority().issue(), serve);
    auto const watch = std::make_shared<sent_watch>();
    auto options = patient_options(server);
    options.observer = watch;
    {
        asio::io_context context{1};
        client const used(context.get_executor(), options);
        // One: co_spawn's own.
        BOOST_TEST(handlers_until_sent(context, used, used.get_executor(), *watch) == 1);
    }
    {
        asio::io_context context;
        client const used(context.get_executor(), options);
        BOOST_TEST(handlers_until_sent(context, used, used.get_executor(), *watch) == 1);
        // From elsewhere it is one to the client's strand.
        auto const elsewhere = handlers_until_sent(context, used, context.get_executor(), *watch);
        BOOST_TEST(elsewhere >= 1);
        BOOST_TEST(elsewhere <= 3);
    }
    {
        asio::io_context context;
        auto const strand = asio::make_strand(context);
        client const used(strand, options);
        BOOST_TEST(handlers_until_sent(context, used, strand, *watch) == 1);
    }
}

BOOST_AUTO_TEST_SUITE_END()
