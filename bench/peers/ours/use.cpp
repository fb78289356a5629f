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

asio::awaitable<void> log_in(client& with)
{
    auto const answer = co_await with.login_user(login_request(std::string(email), secret(password)));
    if (!answer)
        throw std::runtime_error(answer.error().to_string());
    if (!std::holds_alternative<session>(*answer))
        throw std::runtime_error("an answer of another kind");
}

} // namespace fluxer::auth::bench::ours
