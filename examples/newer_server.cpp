// What only newer servers (API generation 2026-09) can do, and how a program notices that its server is older.

#include "run.hpp"

#include <fluxer/auth.hpp>
#include <fluxer/auth_sandbox.hpp>

#include <iostream>
#include <string_view>

namespace asio = boost::asio;
namespace auth = fluxer::auth;

namespace {

constexpr auto address = "me@example.com";

/// @returns whether the server has it
template <class T>
bool tell(std::string_view what, auth::result<T> const& got, bool yes)
{
    std::cout << what << ": ";
    if (got)
        std::cout << (yes ? "yes\n" : "no\n");
    else if (got.error().code() == auth::errc::not_supported_by_server)
        std::cout << "this server cannot tell\n";
    else
        std::cout << got.error() << '\n';
    return !got.has_error();
}

asio::awaitable<bool> ask_about_username(auth::client client)
{
    auto const free = co_await client.check_username("ann");
    co_return tell("is the username free", free, free && free->available);
}

asio::awaitable<bool> ask_about_reset(auth::client client, auth::sandbox& server)
{
    auto const mailed = co_await client.forgot_password(address);
    if (!mailed)
        co_return tell("reset mail", mailed, false);
    auth::validate_reset_token_request request(
        auth::token_from_link(server.last_mail(address, "reset").value().link).value());
    auto const checked = co_await client.validate_reset_token(std::move(request));
    co_return tell("does the link still work", checked, checked && checked->valid);
}

asio::awaitable<bool> refuse_handoff(auth::client client)
{
    auto const asking = co_await client.initiate_handoff(); // the device that wants to be let in
    if (!asking)
        co_return tell("handoff", asking, false);
    auto const info = co_await client.get_handoff_info(asking->code);
    bool const told = tell("which device asks is known", info, info && info->client_info.has_value());
    auto const denied = co_await client.deny_handoff(asking->code);
    co_return tell("refused", denied, true) && told;
}

/// @returns whether the server has all of it
asio::awaitable<bool> ask(auth::client client, auth::sandbox& server)
{
    bool const username = co_await ask_about_username(client);
    bool const reset = co_await ask_about_reset(client, server);
    bool const handoff = co_await refuse_handoff(client);
    bool const all = username && reset && handoff;
    co_return all;
}

bool ask_server_of(auth::sandbox_generation generation)
{
    auth::sandbox_options how;
    how.generation = generation;
    auth::sandbox server(how);
    server.create_account({address, "an example's password"});
    auto const options = auth::client_options(server.base_url()).with_ca_pem(server.ca_pem());
    return example::run(
        [&](asio::any_io_executor executor) { return ask(auth::client(executor, options), server); });
}

} // namespace

int main()
{
    return example::exit_code([] {
        std::cout << "2026-09\n";
        bool const newer = ask_server_of(auth::sandbox_generation::g2026_09);
        std::cout << "2026-02\n";
        return newer && !ask_server_of(auth::sandbox_generation::g2026_02);
    });
}
