#include "cli/commands.hpp"
#include "cli/drive_report.hpp"
#include "cli/drive_session.hpp"
#include "cli/format.hpp"
#include "cli/generations.hpp"
#include "cli/interruptible.hpp"
#include "cli/report.hpp"
#include "cli/write_file.hpp"

#include <boost/json/serialize.hpp>

#include <array>
#include <csignal>
#include <iostream>
#include <optional>
#include <random>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;

namespace {

constexpr int interrupted_status = 130;
constexpr char const* usual_mix = "login=70,totp=20,ip=5,handoff=5";

constexpr std::array options{
    option_spec{"base-url", "URL", "the server; default: a sandbox of its own"},
    option_spec{"ca", "FILE", "PEM file of the CAs to trust instead of the system's"},
    option_spec{
        "allow-plain-http", "", "take a base URL that says http://; passwords and tokens travel readable"},
    option_spec{
        "accounts", "FILE", "lines E-MAIL tab PASSWORD [tab TOTP-KEY]: for a server that is no sandbox"},
    option_spec{"flows", "N", "flows in all, 1-10000000 (default 1000)"},
    option_spec{"concurrency", "N", "most flows under way, 1-100000 (default 64)"},
    option_spec{"connections", "N", "connections that they share, 1-400 (default 64)"},
    option_spec{"mix", "MIX", "shares of the kinds (default login=70,totp=20,ip=5,handoff=5)"},
    option_spec{"rate", "R", "open loop: flows that begin per second, 0.01-1000000; default: closed loop"},
    option_spec{"arrivals", "HOW", "of the open loop: poisson (default) or fixed"},
    option_spec{"governor", "MODE", "at the server's limits: wait (default), fail-fast or off"},
    option_spec{"limits", "on|off", "rate limits of its own sandbox (default off)"},
    option_spec{"generation", "ID", "of its own sandbox: 2026-02 (default) or 2026-09"},
    option_spec{"addresses", "N", "a sandbox: IP addresses people are at, 1-1000000; few make limits matter"},
    option_spec{"timeout", "SECONDS", "longest wait of a flow, for limits too, 1-86400 (default 900)"},
    option_spec{"seed", "N", "decides order and arrivals, 0-4294967295; default: any, which is printed"},
    option_spec{"json", "FILE", "write the report to FILE too, for programs"},
};

constexpr std::array<std::string_view, 2> on_or_off{"on", "off"};
constexpr std::array<std::string_view, 2> arrival_names{"poisson", "fixed"};
constexpr std::array<std::string_view, 3> governor_names{"wait", "fail-fast", "off"};

rate_mode mode_named(std::string_view name)
{
    if (name == "off")
        return rate_mode::off;
    return name == "wait" ? rate_mode::wait : rate_mode::fail_fast;
}

void check_combination(arguments const& given)
{
    auto const belongs = [&given](std::string_view option, std::string_view other, bool wanted) {
        if (given.has(option) && given.has(other) != wanted)
            throw usage_error(
                "--" + std::string(option) + (wanted ? " needs --" : " cannot be had with --") +
                std::string(other));
    };
    belongs("limits", "base-url", false);
    belongs("generation", "base-url", false);
    belongs("ca", "base-url", true);
    belongs("allow-plain-http", "base-url", true);
    belongs("accounts", "base-url", true);
    belongs("addresses", "accounts", false);
    belongs("arrivals", "rate", true);
}

drive_wishes wishes_of(arguments const& given)
{
    constexpr std::uint64_t most_seed = 4'294'967'295;
    check_combination(given);
    drive_wishes wishes(flow_mix(given.text("mix").value_or(usual_mix)));
    if (given.has("accounts") && wishes.mix.of(flow_kind::ip) != 0)
        throw usage_error("--mix has ip, whose mails only a sandbox lets be read");
    auto& settings = wishes.settings;
    settings.mix = wishes.mix.to_string();
    settings.base_url = given.text("base-url").value_or("");
    auto const generation = given.choice("generation", generations);
    if (settings.base_url.empty())
        settings.generation = generation.value_or(std::string(generations.front()));
    settings.limits = given.choice("limits", on_or_off) == "on";
    settings.flows = given.number("flows", 1, 10'000'000).value_or(settings.flows);
    settings.concurrency = given.number("concurrency", 1, 100'000).value_or(settings.concurrency);
    settings.connections = given.number("connections", 1, 400).value_or(settings.connections);
    settings.rate = given.decimal("rate", 0.01, 1'000'000);
    settings.how = given.choice("arrivals", arrival_names) == "fixed" ? arrivals::fixed : arrivals::poisson;
    settings.governor = mode_named(given.choice("governor", governor_names).value_or("wait"));
    auto const seed = given.number("seed", 0, most_seed);
    settings.seed = seed ? *seed : std::random_device{}();
    wishes.accounts_file = given.text("accounts");
    wishes.json_file = given.text("json");
    wishes.ca_file = given.text("ca").value_or("");
    wishes.allow_plain_http = given.has("allow-plain-http");
    wishes.addresses = given.number("addresses", 1, 1'000'000);
    wishes.timeout = std::chrono::seconds(given.number("timeout", 1, 86'400).value_or(900));
    return wishes;
}

void announce(report& out, drive_settings const& settings)
{
    out.heading("A drive of fluxer-auth");
    out.note(
        with_separators(settings.flows) + " flows, " + settings.mix + ", at most " +
        with_separators(settings.concurrency) + " under way, over " + with_separators(settings.connections) +
        " connections");
    if (settings.rate)
        out.note(
            "open loop: " + with_decimals(*settings.rate, 2) + " begin per second (" +
            std::string(to_string(settings.how)) + "), however long others take; times count from then");
    else
        out.note("closed loop: one begins when another one has ended, so that a slow server gets less to do");
    out.note("to have the same order again: --seed " + std::to_string(settings.seed));
}

/// @returns the exit status
int conclude(report& out, drive_outcome const& outcome, drive_wishes const& wishes)
{
    auto const& settings = wishes.settings;
    if (wishes.json_file)
        write_file(*wishes.json_file, boost::json::serialize(drive_json(outcome, settings)) + "\n");
    out.heading("Result");
    out.block(drive_tables(outcome, settings, out.indent()));
    out.block("\n");
    auto const complaints = drive_complaints(outcome, settings);
    for (auto const& each : complaints)
        out.note(each);
    auto const took = std::chrono::duration_cast<std::chrono::microseconds>(outcome.took);
    if (outcome.interrupted) {
        out.failed("interrupted after " + duration_text(took));
        return interrupted_status;
    }
    if (!complaints.empty()) {
        out.failed("the drive failed: " + complaints.front());
        return 1;
    }
    out.ok("all flows ended with a session, and that with its logout");
    return std::cout ? 0 : 1;
}

int run(arguments const& given)
{
    auto wishes = wishes_of(given);
    // Better than after an hour's drive.
    if (wishes.json_file)
        write_file(*wishes.json_file, "");
    std::signal(SIGPIPE, SIG_IGN);
    auto const shows = standard_output();
    report out(std::cout, shows);
    announce(out, wishes.settings);
    asio::io_context io(1); // has to outlive the session's client
    drive_session session(wishes, out, shows);
    bool const ran = run_interruptible(io, session.run());
    if (!ran && !session.has_begun()) {
        std::cerr << "interrupted\n";
        return interrupted_status;
    }
    return conclude(out, session.outcome(), wishes);
}

} // namespace

command const drive_command{
    {"drive", "many login flows against a server, and how long they take", options}, run};

} // namespace fluxer::auth::cli
