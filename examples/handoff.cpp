// Moves a login to a new device by one that is logged in: the new one shows a code, the user types it on the other. Both
// are in this program.

#include "run.hpp"

#include <fluxer/auth.hpp>
#include <fluxer/auth_sandbox.hpp>

#include <boost/asio/detached.hpp>

#include <functional>
#include <iostream>
#include <optional>

namespace asio = boost::asio;
namespace auth = fluxer::auth;

namespace {

constexpr auto address = "me@example.com";

asio::awaitable<bool> new_device(auth::client client, std::function<void(auth::secret)> show)
{
    auth::start_handoff_options options;
    options.cancel_on_abandon = true; // who reads the code later finds it worthless
    auto const started = co_await auth::start_handoff(client, std::move(options));
    if (!started) {
        std::cerr << started.error() << '\n';
        co_return false;
    }
    std::cout << "new device: here is a code for five minutes\n";
    show(started->code());
    auto const outcome = co_await started->wait();
    std::cout << "new device: " << auth::to_string(outcome.status)
              << '\n'; // if completed, outcome.session is set
    co_return static_cast<bool>(outcome);
}

asio::awaitable<bool> ask_user(std::optional<auth::handoff_info> info)
{
    // Newer servers tell which device it is.
    auto const* const device = info && info->client_info ? &*info->client_info : nullptr;
    std::cout << "logged-in device: let in " << (device ? device->os.value_or("a device") : "a device")
              << "? yes\n";
    co_return true;
}

asio::awaitable<void> logged_in_device(auth::client client, auth::session own, auth::secret code)
{
    auth::approve_handoff_options options;
    options.confirm = ask_user;
    auto const approval = co_await auth::approve_handoff(client, own, code, std::move(options));
    if (!approval)
        std::cerr << approval.error() << '\n'; // can leave an unused session behind: do not repeat blindly
}

bool move_login(auth::sandbox_generation generation)
{
    auth::sandbox_options how;
    how.generation = generation;
    auth::sandbox server(how);
    auth::session own;
    own.user_id = auth::snowflake(server.create_account({address, "an example's password"}));
    own.token = auth::secret(server.create_session(address));
    auto const options = auth::client_options(server.base_url()).with_ca_pem(server.ca_pem());
    return example::run([&](asio::any_io_executor executor) {
        auth::client const client(executor, options);
        return new_device(client, [=](auth::secret code) {
            asio::co_spawn(executor, logged_in_device(client, own, std::move(code)), asio::detached);
        });
    });
}

} // namespace

int main()
{
    return example::exit_code([] {
        return move_login(auth::sandbox_generation::g2026_02) &&
               move_login(auth::sandbox_generation::g2026_09);
    });
}
