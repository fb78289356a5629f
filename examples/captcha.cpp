// Signs in where the server wants a captcha. Newer servers set a proof of work (ALTCHA), which the library solves; what
// another provider sets, the user solves, with the site key that discovery tells.

#include "run.hpp"

#include <fluxer/auth.hpp>
#include <fluxer/auth_sandbox.hpp>

#include <iostream>
#include <optional>
#include <string>

namespace asio = boost::asio;
namespace auth = fluxer::auth;

namespace {

constexpr auto address = "me@example.com";
constexpr auto password = "an example's password";

/// A real program shows the provider's widget to the user.
asio::awaitable<std::optional<auth::captcha_proof>> solve(auth::captcha_question question)
{
    std::cout << "a captcha of " << question.provider << " for the site " << question.site_key << '\n';
    co_return auth::captcha_proof(auth::secret("good-token"), question.provider);
}

asio::awaitable<bool> sign_in(
    asio::any_io_executor executor, std::string host, auth::client_options how,
    auth::sign_in_handlers handlers)
{
    auth::discovery_options const asking(how);
    auto const found = co_await auth::discover(executor, host, asking);
    if (!found) {
        std::cerr << found.error() << '\n';
        co_return false;
    }
    auth::sign_in_options options;
    options.captcha_provider = found->captcha.provider;
    options.captcha_site_key = found->captcha.site_key();
    auth::password_credentials credentials(address, password);
    auth::client client(executor, found->options(how));
    auto const outcome =
        co_await auth::sign_in(client, std::move(credentials), std::move(handlers), std::move(options));
    std::cout << auth::to_string(outcome.end) << " after " << outcome.captcha_rounds << " captcha(s)\n";
    if (outcome.error)
        std::cerr << *outcome.error << '\n';
    co_return static_cast<bool>(outcome);
}

bool sign_in_at(auth::sandbox_generation generation, auth::sign_in_handlers const& handlers)
{
    auth::sandbox_options settings;
    settings.generation = generation;
    settings.captcha = true;
    auth::sandbox server(settings);
    server.create_account({address, password});
    auth::client_options how;
    how.tls.ca_pem = server.ca_pem();
    auto const host = "localhost:" + std::to_string(server.port());
    return example::run(
        [&](asio::any_io_executor executor) { return sign_in(executor, host, how, handlers); });
}

} // namespace

int main()
{
    return example::exit_code([] {
        auth::sign_in_handlers handlers;
        bool const solved = sign_in_at(auth::sandbox_generation::g2026_09, handlers); // ALTCHA: none needed
        handlers.captcha = solve;
        return solved && sign_in_at(auth::sandbox_generation::g2026_02, handlers);
    });
}
