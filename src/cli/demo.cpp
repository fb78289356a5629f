#include "cli/demo.hpp"

#include "cli/demo_people.hpp"
#include "cli/event_printer.hpp"

#include <array>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;

namespace {

/// Documentation address (RFC 5737): the phone's network.
constexpr char const* phone_address = "203.0.113.7";

client_options at_address(client_options options, char const* address)
{
    options.headers.emplace_back("X-Forwarded-For", address);
    return options;
}

} // namespace

struct demo::step
{
    std::string_view title;
    asio::awaitable<void> (demo::*run)();
};

demo::demo(client::executor_type executor, report& out, demo_options options)
    : executor_(executor)
    , out_(out)
    , options_(std::move(options))
    , control_(executor, device("control", "fluxer-auth demo"))
    , laptop_(
          executor,
          device("laptop", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"))
    , phone_(
          executor,
          at_address(device("phone", "Mozilla/5.0 (Android 16; Mobile) Chrome/142.0"), phone_address))
    , television_(executor, device("tv", "fluxer-auth demo"))
{}

client_options demo::device(std::string name, std::string user_agent) const
{
    client_options options(options_.base_url);
    options.tls.ca_pem = options_.ca_pem;
    options.user_agent = std::move(user_agent);
    options.observer = printer_if(options_.verbose, std::move(name));
    return options;
}

asio::awaitable<void> demo::run()
{
    static constexpr std::array steps{
        step{"1. Register an account", &demo::register_account},
        step{"2. Log in with a wrong password", &demo::use_wrong_password},
        step{"3. Log in with a second factor (TOTP)", &demo::login_with_second_factor},
        step{"4. Log in from a new address, which the user confirms by mail", &demo::login_from_new_address},
        step{"5. Hand a login over to another device", &demo::hand_off},
        step{"6. List the sessions and log them out", &demo::end_sessions},
        step{"7. Many login flows at once", &demo::run_many_flows},
    };
    for (auto const& current : steps) {
        out_.heading(current.title);
        co_await (this->*current.run)();
    }
}

} // namespace fluxer::auth::cli
