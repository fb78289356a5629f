// Logs in with e-mail and password.
//
//   login                              against a sandbox of its own
//   login BASE_URL EMAIL [CA_FILE]     the password is the first line of the standard input

// README begins here.
#include <fluxer/auth.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>

namespace asio = boost::asio;
namespace auth = fluxer::auth;

/// @returns whether there is a session
asio::awaitable<bool> login(auth::client client, auth::login_request credentials)
{
    auto outcome = co_await client.login_user(credentials);
    if (!outcome) {
        std::cout << outcome.error() << '\n'; // one line: operation, reason, and whether to try again
        auto const* mail = outcome.error().ip_authorization();
        if (mail == nullptr)
            co_return false;
        std::cout << "waiting until the link in the mail to " << mail->email << " is opened\n";
        auto waited = co_await auth::wait_for_ip_authorization(client, *mail);
        std::cout << to_string(waited.status) << '\n';
        co_return waited.session.has_value();
    }
    if (auto const* session = std::get_if<auth::session>(&*outcome)) {
        std::cout << "logged in as user " << session->user_id << '\n'; // session->token is the token
        co_return true;
    }
    if (auto const* challenge = std::get_if<auth::mfa_challenge>(&*outcome)) {
        std::cout << "a second factor is wanted:";
        for (auto const& method : challenge->allowed_methods) // "totp", "sms", "webauthn", or what is to come
            std::cout << ' ' << method;
        std::cout << (challenge->allowed_methods.empty() ? " the server names none\n" : "\n");
    } else { // auth::other_answer of newer servers; its body may hold secrets
        std::cout << "neither a session nor a challenge: the account is banned, or waits for approval\n";
    }
    co_return false;
}

bool run(auth::client_options options, auth::login_request credentials)
{
    asio::io_context context(1);
    auto logged_in = false;
    asio::co_spawn(
        context, login(auth::client(context.get_executor(), options), credentials),
        [&logged_in](std::exception_ptr thrown, bool result) { // asio::detached would swallow exceptions
            if (thrown)
                std::rethrow_exception(thrown);
            logged_in = result;
        });
    context.run();
    return logged_in;
}

// README ends here.

#include <fluxer/auth_sandbox.hpp>

#include <string>

namespace {

bool run_against_sandbox(auth::sandbox_generation generation)
{
    auth::sandbox_options how;
    how.generation = generation;
    auth::sandbox server(how);
    server.create_account({"me@example.com", "an example's password"});
    auto const options = auth::client_options(server.base_url()).with_ca_pem(server.ca_pem());
    auto const right = run(options, {"me@example.com", "an example's password"});
    auto const wrong = run(options, {"me@example.com", "another password"});
    return right && !wrong;
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc == 1) {
        auto const baseline = run_against_sandbox(auth::sandbox_generation::g2026_02);
        auto const newer = run_against_sandbox(auth::sandbox_generation::g2026_09);
        return baseline && newer ? 0 : 1;
    }
    if (argc < 3 || argc > 4) {
        std::cerr << "usage: login [BASE_URL EMAIL [CA_FILE]]\n";
        return 2;
    }
    std::string password;
    std::getline(std::cin, password);
    auth::client_options options(argv[1]);
    if (argc == 4)
        options.tls.ca_file = argv[3];
    return run(options, {argv[2], std::move(password)}) ? 0 : 1;

} catch (std::exception const& e) {
    std::cerr << "login: " << e.what() << '\n';
    return 1;
}
