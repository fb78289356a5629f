// From credentials to a session with sign_in: the server asks for a captcha, a second factor and, from a new address, for
// the link in a mail; here the answers come from the sandbox, in a real program from the user. Newer servers' captcha is a
// proof of work, which the library does without asking.

#include "run.hpp"

#include <fluxer/auth.hpp>
#include <fluxer/auth_sandbox.hpp>

#include <iostream>
#include <string>

namespace asio = boost::asio;
namespace auth = fluxer::auth;

namespace {

constexpr auto careful = "careful@example.com"; // has TOTP
constexpr auto roaming = "roaming@example.com"; // comes from a new address
constexpr auto password = "correct horse battery";

asio::awaitable<bool> open_link(
    auth::client client, auth::sandbox& server, auth::ip_authorization_notice notice)
{
    std::cout << "a mail went to " << notice.email() << '\n';
    auto const mail = server.last_mail(notice.email(), "ip_authorization").value();
    auth::authorize_ip_request request(auth::token_from_link(mail.link).value());
    auto const opened = co_await client.authorize_ip_address(std::move(request));
    co_return opened.has_value();
}

auth::sign_in_handlers handlers_for(auth::client client, auth::sandbox& server)
{
    auth::sign_in_handlers handlers;
    handlers.mfa = [&server](auth::mfa_question question) -> asio::awaitable<auth::mfa_answer> {
        std::cout << "a code is wanted, answer " << question.round << '\n';
        // A wrong one first: it costs no new login.
        auto const code = question.round == 1 ? std::string("000000") : server.totp_code(careful);
        co_return auth::mfa_answer::totp(auth::secret(code));
    };
    handlers.captcha = [](auth::captcha_question) -> asio::awaitable<std::optional<auth::captcha_proof>> {
        std::cout << "a captcha is wanted\n";
        co_return auth::captcha_proof(auth::secret("good-token"));
    };
    handlers.ip_authorization = [client, &server](auth::ip_authorization_notice notice) {
        return open_link(client, server, std::move(notice));
    };
    return handlers;
}

asio::awaitable<bool> sign_in_as(auth::client client, auth::sandbox& server, std::string address)
{
    auth::password_credentials credentials(address, password);
    auto const outcome = co_await auth::sign_in(client, std::move(credentials), handlers_for(client, server));
    std::cout << address << ": " << auth::to_string(outcome.end) << " after " << outcome.logins
              << " login(s) and " << outcome.code_rounds << " code(s)\n";
    if (outcome.error)
        std::cerr << *outcome.error << '\n';
    co_return static_cast<bool>(outcome);
}

bool run(auth::client_options const& options, auth::sandbox& server, std::string const& address)
{
    return example::run([&](asio::any_io_executor executor) {
        return sign_in_as(auth::client(executor, options), server, address);
    });
}

bool sign_in_at(auth::sandbox_generation generation)
{
    auth::sandbox_options how;
    how.generation = generation;
    how.captcha = true;
    auth::sandbox server(how);
    server.create_account({careful, password});
    server.enable_totp(careful);
    auth::sandbox_account traveller(roaming, password);
    traveller.authorized_ips = {"203.0.113.7"};
    server.create_account(traveller);
    auto const options = auth::client_options(server.base_url()).with_ca_pem(server.ca_pem());
    return run(options, server, careful) && run(options, server, roaming);
}

} // namespace

int main()
{
    return example::exit_code([] {
        return sign_in_at(auth::sandbox_generation::g2026_02) &&
               sign_in_at(auth::sandbox_generation::g2026_09);
    });
}
