#include "peers/ours/use.hpp"

#include "support/meter.hpp"

#include <boost/asio/io_context.hpp>

namespace fluxer::auth::bench::ours {

namespace {

asio::awaitable<void> keep_asking(client& with, meter& meter)
{
    for (bool more = true; more;) {
        auto const begin = meter::clock::now();
        check(co_await with.login_user(make_request()));
        more = meter.answered(begin);
    }
}

} // namespace

boost::json::object logins(settings const& how)
{
    asio::io_context context{1};
    client used(context.get_executor(), make_options(how));
    if (how.mode == mode::keep_alive)
        fill_pool(context, used, how.in_flight);
    meter meter(how);
    for (std::size_t count = 0; count < how.in_flight; ++count)
        start(context.get_executor(), keep_asking(used, meter));
    context.run();
    auto result = meter.result();
    result["handshakes"] = used.stats().tls_handshakes;
    result["resumed"] = used.stats().tls_handshakes_resumed;
    return result;
}

} // namespace fluxer::auth::bench::ours
