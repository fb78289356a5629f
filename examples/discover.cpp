// Finds a Fluxer instance by its host name and asks it something.
//
//   discover                     a sandbox of its own
//   discover HOST [CA_FILE]      e.g. discover fluxer.app

#include <fluxer/auth.hpp>
#include <fluxer/auth_sandbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;
namespace auth = fluxer::auth;

namespace {

asio::awaitable<int> show(asio::any_io_executor executor, std::string host, auth::client_options how)
{
    auth::discovery_options const asking(how);
    auto found = co_await auth::discover(executor, host, asking);
    if (!found) {
        std::cerr << found.error() << '\n';
        co_return 1;
    }
    std::cout << "API:     " << found->api_base << '\n';
    std::cout << "web app: " << found->webapp << '\n';
    std::cout << "captcha: " << found->captcha.provider << ' ' << found->captcha.site_key() << '\n';

    auth::client client(executor, found->options(how));
    auto status = co_await client.get_sso_status();
    if (!status) {
        std::cerr << status.error() << '\n';
        co_return 1;
    }
    std::cout << "SSO:     " << (status->enabled ? "on" : "off") << '\n';
    co_return 0;
}

int run(std::string host, auth::client_options how)
{
    asio::io_context context(1);
    int code = 1;
    std::exception_ptr thrown;
    asio::co_spawn(
        context, show(context.get_executor(), std::move(host), std::move(how)),
        [&](std::exception_ptr problem, int result) {
            thrown = problem;
            code = result;
        });
    context.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return code;
}

} // namespace

int main(int argc, char** argv)
try {
    auth::client_options how;
    if (argc == 1) {
        auth::sandbox server;
        how.tls.ca_pem = server.ca_pem();
        return run("localhost:" + std::to_string(server.port()), how);
    }
    if (argc > 3) {
        std::cerr << "usage: discover [HOST [CA_FILE]]\n";
        return 2;
    }
    if (argc == 3)
        how.tls.ca_file = argv[2];
    return run(argv[1], how);

} catch (std::exception const& e) {
    std::cerr << "discover: " << e.what() << '\n';
    return 1;
}
