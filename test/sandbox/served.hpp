#ifndef FLUXER_AUTH_TEST_SANDBOX_SERVED_HPP
#define FLUXER_AUTH_TEST_SANDBOX_SERVED_HPP

#include "https_client.hpp"

#include "fluxer/auth_sandbox.hpp"

#include <string>
#include <string_view>

namespace sandbox_test {

constexpr auto email = "ann@example.com";
constexpr auto password = "correct-horse-9";

/// A sandbox with one account and a client connected to it.
struct served
{
    fluxer::auth::sandbox server;
    https_client client{server.port(), server.ca_pem()};
    std::string user_id = server.create_account({email, password});

    response login(std::string_view with = password, headers const& extra = {})
    {
        return client.post("/v1/auth/login", {{"email", email}, {"password", with}}, extra);
    }

    response sessions(std::string const& token)
    {
        return client.get("/v1/auth/sessions", {{"Authorization", token}});
    }
};

} // namespace sandbox_test

#endif
