// Finds a Fluxer instance by its host name and asks it something.
//
//   discover                     a sandbox of its own
//   discover HOST [CA_FILE]      e.g. discover fluxer.app

#include "run.hpp"

#include <fluxer/auth.hpp>
#include <fluxer/auth_sandbox.hpp>

#include <iostream>
#include <string>

namespace asio = boost::asio;
namespace auth = fluxer::auth;

namespace {

asio::awaitable<bool> show(asio::any_io_executor executor, std::string host, auth::client_options how)
{
    auth::discovery_options const asking(how);
    auto found = co_await auth::discover(executor, host, asking);
    if (!found) {
        std::cerr << found.error() << '\n';
        co_return false;
    }
    std::cout << "API:     " << found->api_base << '\n';
    std::cout << "web app: " << found->webapp << '\n';
    std::cout << "captcha: " << found->captcha.provider << ' ' << found->captcha.site_key() << '\n';

    auth::client client(executor, found->options(how));
    auto status = co_await client.get_sso_status();
    if (!status) {
        std::cerr << status.error() << '\n';
        co_return false;
    }
    std::cout << "SSO:     " << (status->enabled ? "on" : "off") << '\n';
    co_return true;
}

bool run(std::string const& host, auth::client_options const& how)
{
    return example::run([&](asio::any_io_executor executor) { return show(executor, host, how); });
}

bool run_against_sandbox(auth::sandbox_generation generation)
{
    auth::sandbox_options settings;
    settings.generation = generation;
    auth::sandbox server(settings);
    auth::client_options how;
    how.tls.ca_pem = server.ca_pem();
    return run("localhost:" + std::to_string(server.port()), how);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc > 3) {
        std::cerr << "usage: discover [HOST [CA_FILE]]\n";
        return 2;
    }
    return example::exit_code([&] {
        if (argc == 1)
            return run_against_sandbox(auth::sandbox_generation::g2026_02) &&
                   run_against_sandbox(auth::sandbox_generation::g2026_09);
        auth::client_options how;
        if (argc == 3)
            how.tls.ca_file = argv[2];
        return run(argv[1], how);
    });
}
