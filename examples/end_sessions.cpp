// Ends all other sessions of an account. The server wants a proof that it is the user (sudo mode); the client remembers
// what an MFA proof brings for some minutes, so that a second time needs none.

#include "run.hpp"

#include <fluxer/auth.hpp>
#include <fluxer/auth_sandbox.hpp>

#include <iostream>
#include <optional>

namespace asio = boost::asio;
namespace auth = fluxer::auth;

namespace {

constexpr auto address = "me@example.com";
constexpr auto password = "an example's password";

/// Here the codes come from the sandbox, in a real program from the user.
auth::sudo_handler proofs_from(auth::sandbox& server)
{
    return [&server](auth::sudo_question question) -> asio::awaitable<std::optional<auth::sudo_proof>> {
        std::cout << "a proof is wanted: " << (question.has_mfa ? "a code\n" : "the password\n");
        if (!question.has_mfa)
            co_return auth::sudo_proof::password(auth::secret(password));
        co_return auth::sudo_proof::totp(auth::secret(server.totp_code(address)));
    };
}

asio::awaitable<bool> end_others(auth::client client, auth::secret own, auth::sudo_handler handler)
{
    auto const outcome = co_await auth::end_all_sessions(client, own, handler); // keeps its own
    std::cout << outcome.ended << " ended, " << outcome.left << " left\n";
    if (outcome.error)
        std::cerr << *outcome.error << '\n';
    co_return static_cast<bool>(outcome);
}

asio::awaitable<bool> end_others_twice(auth::client client, auth::sandbox& server)
{
    auth::secret const own(server.create_session(address));
    auto const handler = proofs_from(server);
    for (int devices = 0; devices < 3; ++devices)
        server.create_session(address);
    if (!co_await end_others(client, own, handler))
        co_return false;
    server.create_session(address);
    // Asks for nothing: client_options::remember_sudo is on.
    co_return co_await end_others(client, own, handler);
}

bool end_sessions_at(auth::sandbox_generation generation)
{
    auth::sandbox_options how;
    how.generation = generation;
    auth::sandbox server(how);
    server.create_account({address, password});
    server.enable_totp(address);
    auto const options = auth::client_options(server.base_url()).with_ca_pem(server.ca_pem());
    return example::run([&](asio::any_io_executor executor) {
        return end_others_twice(auth::client(executor, options), server);
    });
}

} // namespace

int main()
{
    return example::exit_code([] {
        return end_sessions_at(auth::sandbox_generation::g2026_02) &&
               end_sessions_at(auth::sandbox_generation::g2026_09);
    });
}
