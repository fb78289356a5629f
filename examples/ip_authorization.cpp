// Logs in from an address that the account has not used: the server mails a link, and the login waits until it is opened.
// sign_in does all of this with a handler; here are the parts.

#include "run.hpp"

#include <fluxer/auth.hpp>
#include <fluxer/auth_sandbox.hpp>

#include <boost/asio/detached.hpp>

#include <iostream>
#include <string>
#include <utility>

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

/// "I got no mail." That helps once for each login, half a minute after it at the earliest.
/// @returns whether the mail was sent again
asio::awaitable<bool> send_again(auth::ip_authorization_notice& notice)
{
    auto const sent = co_await notice.resend();
    if (sent)
        std::cout << "sent again\n";
    else if (sent.error().code() == auth::errc::resend_cooldown)
        std::cout << "it can be sent again after " << sent.error().retry_after()->count() / 1'000 << " s\n";
    else if (sent.error().code() == auth::errc::resend_limit)
        std::cout << "it was sent again already\n";
    else
        std::cerr << sent.error() << '\n';
    co_return sent.has_value();
}

/// A program in use lets the user wait, with notice.resend_available_in() on the button. Here the sandbox's clock is set
/// forward, and the login taken for one that was so much earlier.
auth::ip_authorization_notice half_a_minute_later(
    auth::client client, auth::sandbox& server, auth::ip_authorization ticket)
{
    server.advance_clock(ticket.resend_available_in);
    ticket.received_at -= ticket.resend_available_in;
    return auth::ip_authorization_notice(std::move(client), std::move(ticket));
}

/// Too early, in time, and once too often.
asio::awaitable<bool> send_twice(auth::client client, auth::sandbox& server, auth::ip_authorization ticket)
{
    auth::ip_authorization_notice early(client, ticket);
    auto late = half_a_minute_later(client, server, ticket);
    bool const before = co_await send_again(early);
    bool const after = co_await send_again(late);
    bool const twice = co_await send_again(late);
    auto const mails = server.outbox(address).size();
    co_return !before && after && !twice && mails == 2;
}

asio::awaitable<bool> log_in(auth::client client, auth::sandbox& server)
{
    auth::login_request credentials(address, password);
    auto const refused = co_await client.login_user(std::move(credentials));
    if (refused || refused.error().ip_authorization() == nullptr) {
        std::cerr << "no link is wanted\n";
        co_return false;
    }
    auto const ticket = *refused.error().ip_authorization();
    auth::ip_authorization_notice notice(client, ticket);
    std::cout << "a mail went to " << notice.email() << '\n';
    if (!co_await send_twice(client, server, ticket))
        co_return false;

    auto const mail = server.last_mail(address, "ip_authorization").value();
    asio::co_spawn(client.get_executor(), open_link(client, mail.link), asio::detached);
    auto const outcome = co_await notice.wait();
    std::cout << auth::to_string(outcome.status) << '\n'; // if completed, outcome.session is set
    co_return static_cast<bool>(outcome);
}

bool log_in_at(auth::sandbox_generation generation)
{
    auth::sandbox_options how;
    how.generation = generation;
    auth::sandbox server(how);
    auth::sandbox_account traveller(address, password);
    traveller.authorized_ips = {"203.0.113.7"};
    server.create_account(traveller);
    auto const options = auth::client_options(server.base_url()).with_ca_pem(server.ca_pem());
    return example::run(
        [&](asio::any_io_executor executor) { return log_in(auth::client(executor, options), server); });
}

} // namespace

int main()
{
    return example::exit_code([] {
        return log_in_at(auth::sandbox_generation::g2026_02) && log_in_at(auth::sandbox_generation::g2026_09);
    });
}
