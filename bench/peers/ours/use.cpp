#include "peers/ours/use.hpp"

#include "support/login.hpp"

#include <stdexcept>
#include <variant>

namespace fluxer::auth::bench::ours {

client_options make_options(settings const& how)
{
    client_options options("https://" + host_header(how) + "/v1");
    options.tls.ca_file = how.ca_file;
    options.pool.max_connections = how.in_flight;
    if (how.mode == mode::new_resumed || how.mode == mode::new_full)
        options.pool.max_requests = 1;
    // The other peers are told the address too.
    options.resolver = [](std::string const&) { return std::vector<std::string>{std::string(host_address)}; };
    return options;
}

login_request make_request()
{
    return {std::string(email), secret(password)};
}

namespace {

asio::awaitable<void> warm(client& with, std::size_t connections)
{
    auto const ready = co_await with.warm_up(connections);
    if (!ready)
        throw std::runtime_error(ready.error().to_string());
}

} // namespace

void fill_pool(asio::io_context& context, client& of, std::size_t connections)
{
    start(context.get_executor(), warm(of, connections));
    while (of.stats().connections_idle < connections)
        context.run_one();
}

void check(result<login_result> const& answer)
{
    if (!answer)
        throw std::runtime_error(answer.error().to_string());
    if (!std::holds_alternative<session>(*answer))
        throw std::runtime_error("an answer of another kind");
}

} // namespace fluxer::auth::bench::ours
