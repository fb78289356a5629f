// Logs in from an address that the account has not used: the server mails a link, and the login waits until it is opened.
// sign_in does all of this with a handler; here are the parts.

#include "run.hpp"

#include <fluxer/auth.hpp>
#include <fluxer/auth_sandbox.hpp>

#include <boost/asio/detached.hpp>

#include <iostream>
#include <string>

namespace asio = boost::asio;
namespace auth = fluxer::auth;

namespace {

constexpr auto address = "me@example.com";
constexpr auto password = "an example's password";

/// What the user's browser does; the token can also be typed into the program.
asio::awaitable<void> open_link(auth::client client, std::string link)
{
    auth::authorize_ip_request request(auth::token_from_link(link).value());
    auto const opened = co_await client.authorize_ip_address(std::move(request));
    if (!opened)
        std::cerr << opened.error() << '\n';
}

/// "I got no mail."
asio::awaitable<void> send_again(auth::ip_authorization_notice& notice)
{
    auto const sent = co_await notice.resend();
    if (sent)
        std::cout << "sent again\n";
    else if (sent.error().code() == auth::errc::resend_cooldown)
        std::cout << "it can be sent again, once, after " << notice.resend_available_in().count() / 1'000
                  << " s\n";
    else
        std::cerr << sent.error() << '\n';
}

asio::awaitable<bool> log_in(auth::client client, auth::sandbox& server)
{
    auth::login_request credentials(address, password);
    auto const refused = co_await client.login_user(std::move(credentials));
    if (refused || refused.error().ip_authorization() == nullptr) {
        std::cerr << "no link is wanted\n";
        co_return false;
    }
    auth::ip_authorization_notice notice(client, *refused.error().ip_authorization());
    std::cout << "a mail went to " << notice.email() << '\n';
    co_await send_again(notice);

    auto const mail = server.last_mail(address, "ip_authorization");
    asio::co_spawn(client.get_executor(), open_link(client, mail->link), asio::detached);
    auto const outcome = co_await notice.wait();
    std::cout << auth::to_string(outcome.status) << '\n'; // if completed, outcome.session is set
    co_return static_cast<bool>(outcome);
}

} // namespace

int main()
{
    return example::exit_code([] {
        auth::sandbox server;
        auth::sandbox_account traveller(address, password);
        traveller.authorized_ips = {"203.0.113.7"};
        server.create_account(traveller);
        auto const options = auth::client_options(server.base_url()).with_ca_pem(server.ca_pem());
        return example::run(
            [&](asio::any_io_executor executor) { return log_in(auth::client(executor, options), server); });
    });
}
