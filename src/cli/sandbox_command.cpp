#include "cli/commands.hpp"
#include "cli/generations.hpp"
#include "cli/write_file.hpp"

#include <fluxer/auth_sandbox.hpp>

#include <array>
#include <csignal>
#include <iostream>
#include <utility>

namespace fluxer::auth::cli {

namespace {

constexpr std::array options{
    option_spec{"port", "N", "port to listen on, 0-65535; 0 (default): any free one"},
    option_spec{"address", "IP", "loopback address: 127.0.0.1 (default) or ::1"},
    option_spec{"ca-out", "FILE", "write the CA certificate, which clients have to trust, to FILE"},
    option_spec{"plain-http", "", "speak plain HTTP instead of HTTPS"},
    option_spec{"threads", "N", "threads that serve requests, 1-64 (default 1)"},
    option_spec{"max-in-flight", "N", "requests under way at which it answers 503 (default 500)"},
    option_spec{"client-ip", "IP", "where requests without X-Forwarded-For come from (default 127.0.0.1)"},
    option_spec{"generation", "ID", "which server to play: 2026-02 (default) or 2026-09"},
    option_spec{
        "captcha", "", "demand a captcha; the token \"good-token\" passes, in 2026-09 an ALTCHA solution"},
    option_spec{"rate-limits", "", "apply the rate limits of the real server"},
    option_spec{"sso", "", "accept SSO logins only"},
    option_spec{"registration-approval", "", "2026-09: let registrations wait for an approval"},
    option_spec{
        "error-bans", "N", "2026-09: ban an IP for 24 h after N errors in a minute; 0 (default): never"},
    option_spec{"no-ip-authorization", "", "let logins from new addresses pass"},
};

sandbox_generation generation_of(arguments const& given)
{
    auto const name = given.choice("generation", generations);
    return name == "2026-09" ? sandbox_generation::g2026_09 : sandbox_generation::g2026_02;
}

sandbox_options options_of(arguments const& given)
{
    if (given.has("plain-http") && given.has("ca-out"))
        throw usage_error("--ca-out: plain HTTP has no certificate to trust");
    sandbox_options wanted;
    wanted.plain_http = given.has("plain-http");
    wanted.port = static_cast<unsigned short>(given.number("port", 0, 65'535).value_or(wanted.port));
    wanted.address = given.text("address").value_or(wanted.address);
    wanted.threads = static_cast<unsigned>(given.number("threads", 1, 64).value_or(wanted.threads));
    wanted.max_in_flight =
        static_cast<unsigned>(given.number("max-in-flight", 1, 1'000'000).value_or(wanted.max_in_flight));
    wanted.client_ip = given.text("client-ip").value_or(wanted.client_ip);
    wanted.generation = generation_of(given);
    wanted.registration_approval = given.has("registration-approval");
    wanted.error_ban_threshold =
        static_cast<unsigned>(given.number("error-bans", 0, 1'000'000).value_or(wanted.error_ban_threshold));
    wanted.captcha = given.has("captcha");
    wanted.rate_limits = given.has("rate-limits");
    wanted.sso = given.has("sso");
    wanted.ip_authorization = !given.has("no-ip-authorization");
    return wanted;
}

/// The signals that end the sandbox, blocked in this thread and all that it starts, so that sigwait gets them.
sigset_t block_ending_signals()
{
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ending, nullptr);
    // A reader of standard output that has gone away ends nothing.
    std::signal(SIGPIPE, SIG_IGN);
    return ending;
}

int run(arguments const& given)
{
    auto wanted = options_of(given);
    auto const ca_file = given.text("ca-out");
    auto const ending = block_ending_signals();
    sandbox const server(std::move(wanted));
    if (ca_file)
        write_file(*ca_file, server.ca_pem());
    std::cout << "base URL: " << server.base_url() << '\n' << std::flush;
    int which = 0;
    sigwait(&ending, &which);
    return 0;
}

} // namespace

command const sandbox_command{{"sandbox", "run the embedded Fluxer auth server until Ctrl-C", options}, run};

} // namespace fluxer::auth::cli
