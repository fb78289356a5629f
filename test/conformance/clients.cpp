#include "clients.hpp"

#include "catalogue.hpp"

namespace fluxer::auth::conformance {

caller& clients::of(recorded_request const& request)
{
    auto const* agent = find_header(request.headers, "User-Agent");
    std::string const prefix(prefix_of(request.path));
    auto const user_agent = agent == nullptr ? std::string() : *agent;
    auto const found = callers_.find({user_agent, prefix});
    if (found != callers_.end())
        return found->second;
    client_options options("https://localhost:" + std::to_string(server_.port()) + prefix);
    options.tls.ca_pem = server_.certificates();
    options.user_agent = user_agent;
    options.retry.max_attempts = 1; // a recording is one exchange
    options.rate.mode = rate_mode::off;
    options.remember_sudo = false; // of another recording
    // A name server must not decide how long a run takes.
    options.resolver = [](std::string const&) { return std::vector<std::string>(1, "127.0.0.1"); };
    client made(runner_.context().get_executor(), options);
    return callers_.emplace(std::pair(user_agent, prefix), caller(made)).first->second;
}

} // namespace fluxer::auth::conformance
