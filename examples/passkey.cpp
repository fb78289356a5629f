// Signs in with a passkey in software, which is kept in a file under a passphrase between two logins. Against a sandbox:
// a real server makes the creation options in the account's settings, where its web app shows them to a browser.

// README begins here.
#include <fluxer/auth.hpp>

#include <iostream>

namespace asio = boost::asio;
namespace auth = fluxer::auth;

asio::awaitable<bool> sign_in(auth::client client, auth::passkey_store& passkeys, std::string web_app)
{
    auto options = co_await client.get_webauthn_authentication_options();
    if (!options) {
        std::cerr << options.error() << '\n';
        co_return false;
    }
    auto answer = passkeys.sign(*options, web_app); // the counter goes up: seal and save it again
    if (!answer) {
        std::cerr << answer.error() << '\n';
        co_return false;
    }
    auto session = co_await client.authenticate_with_webauthn(answer->for_login());
    if (session)
        std::cout << "logged in as user " << session->user_id << '\n';
    else
        std::cerr << session.error() << '\n';
    co_return session.has_value();
}

// README ends here.

#include "run.hpp"

#include <fluxer/auth_sandbox.hpp>

#include <boost/json/parse.hpp>

#include <string>

namespace {

constexpr auto web_app = "https://web.fluxer.test";
constexpr auto address = "me@example.com";

/// What a server asks for when a passkey is added to an account.
constexpr auto creation_options = R"({
    "rp": {"id": "web.fluxer.test", "name": "Fluxer"},
    "user": {"id": "bWU", "name": "me@example.com", "displayName": "Me"},
    "challenge": "dGhlIHNlcnZlcidzIGNoYWxsZW5nZQ",
    "pubKeyCredParams": [{"alg": -7, "type": "public-key"}],
    "authenticatorSelection": {"residentKey": "required", "userVerification": "required"}})";

void add_passkey(auth::sandbox& server, auth::passkey_store& passkeys)
{
    // A real server gets what create returns; the sandbox takes the public key.
    passkeys.create(boost::json::parse(creation_options), web_app).value();
    auto const made = passkeys.list().front();
    std::vector<unsigned char> const key(made.public_key.begin(), made.public_key.end());
    server.add_passkey(address, made.credential_id, key, made.user_handle);
}

bool run(auth::client_options const& options, auth::passkey_store& passkeys)
{
    return example::run([&](asio::any_io_executor executor) {
        return sign_in(auth::client(executor, options), passkeys, web_app);
    });
}

bool sign_in_twice_at(auth::sandbox_generation generation)
{
    auth::sandbox_options how;
    how.generation = generation;
    auth::sandbox server(how);
    server.create_account({address, "an example's password"});
    auto const options = auth::client_options(server.base_url()).with_ca_pem(server.ca_pem());

    auth::passkey_store passkeys;
    add_passkey(server, passkeys);
    auto const first = run(options, passkeys);

    // What a program writes to its file and reads at its next start.
    auto const sealed = passkeys.seal("a long passphrase").value();
    auto opened = auth::passkey_store::open(sealed, "a long passphrase").value();
    return first && run(options, opened);
}

} // namespace

int main()
{
    return example::exit_code([] {
        return sign_in_twice_at(auth::sandbox_generation::g2026_02) &&
               sign_in_twice_at(auth::sandbox_generation::g2026_09);
    });
}
