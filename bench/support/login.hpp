#ifndef FLUXER_AUTH_BENCH_SUPPORT_LOGIN_HPP
#define FLUXER_AUTH_BENCH_SUPPORT_LOGIN_HPP

#include "support/settings.hpp"

#include <string>
#include <string_view>

namespace fluxer::auth::bench {

// What all peers ask for. The server gives the same answer to everybody.
constexpr std::string_view host_name = "localhost";
constexpr std::string_view host_address = "127.0.0.1";
constexpr std::string_view login_path = "/v1/auth/login";
constexpr std::string_view handoff_code = "ABCD-2345";
constexpr std::string_view handoff_path = "/v1/auth/handoff/ABCD-2345/status";
constexpr std::string_view user_agent = "fluxer-auth/0.1";
constexpr std::string_view email = "someone@example.com";
constexpr std::string_view password = "correct-horse-battery-staple";

/// `localhost:PORT`
std::string host_header(settings const& how);

/// The request's body, for the peers that are no Fluxer client, as their users would write it.
std::string login_body();

/// The answer as a struct.
struct login_answer
{
    std::string token;
    std::string user_id;
};

/// Throws std::exception if it is none.
login_answer parse_login(std::string_view body);

} // namespace fluxer::auth::bench

#endif
