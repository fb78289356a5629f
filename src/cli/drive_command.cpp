#include "cli/commands.hpp"
#include "cli/drive_report.hpp"
#include "cli/drive_setup.hpp"
#include "cli/format.hpp"
#include "cli/generations.hpp"
#include "cli/interruptible.hpp"
#include "cli/progress_line.hpp"
#include "cli/report.hpp"
#include "cli/sandbox_process.hpp"
#include "cli/write_file.hpp"

#include <boost/json/serialize.hpp>

#include <array>
#include <csignal>
#include <fstream>
#include <iostream>
#include <optional>
#include <random>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr int interrupted_status = 130;
constexpr char const* usual_mix = "login=70,totp=20,ip=5,handoff=5";
constexpr auto pause_between_lines = 5s;

constexpr std::array options{
    option_spec{"base-url", "URL", "the server; default: a sandbox of its own"},
    option_spec{"ca", "FILE", "PEM file of the CAs to trust instead of the system's"},
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

struct drive_wishes
{
    explicit drive_wishes(flow_mix mix_)
        : mix(std::move(mix_))
    {}

    drive_settings settings;
    flow_mix mix;
    std::optional<std::string> accounts_file;
    std::optional<std::string> json_file;
    std::string ca_file;
    std::optional<std::size_t> addresses;
    std::chrono::seconds timeout{900};
};

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
    belongs("accounts", "base-url", true);
    belongs("addresses", "accounts", false);
    belongs("arrivals", "rate", true);
}

drive_wishes wishes_of(arguments const& given)
{
    constexpr std::uint64_t most_seed = 4'294'967'295;
    check_combination(given);
    drive_wishes wishes(flow_mix(given.text("mix").value_or(usual_mix)));
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
    wishes.addresses = given.number("addresses", 1, 1'000'000);
    wishes.timeout = std::chrono::seconds(given.number("timeout", 1, 86'400).value_or(900));
    return wishes;
}

client_options client_for(drive_wishes const& wishes, std::string const& ca_pem)
{
    client_options wanted(wishes.settings.base_url);
    wanted.tls.ca_file = wishes.ca_file;
    wanted.tls.ca_pem = ca_pem;
    wanted.user_agent = "fluxer-auth drive";
    wanted.pool.max_connections = wishes.settings.connections;
    // A handoff has two calls under way at most.
    wanted.pool.max_waiting = 2 * wishes.settings.concurrency;
    wanted.limits.pool_wait = wishes.timeout;
    wanted.limits.call = wishes.timeout;
    wanted.rate.mode = wishes.settings.governor;
    return wanted;
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

/// The drive from its server to what has been counted.
class drive_session
{
public:
    drive_session(drive_wishes& wishes, report& out, terminal shows)
        : wishes_(wishes)
        , out_(out)
        , line_(std::cout, shows.interactive, out.indent(), wishes.settings.flows, shows.columns)
        , interactive_(shows.interactive)
    {}

    asio::awaitable<void> run()
    {
        auto& settings = wishes_.settings;
        if (settings.base_url.empty())
            start_sandbox();
        auto const executor = co_await asio::this_coro::executor;
        drive_plan plan;
        plan.options = client_for(wishes_, sandbox_ ? sandbox_->ca_pem() : std::string());
        auto control = co_await find_control(executor, plan.options);
        co_await find_people(executor, control, plan);
        plan.flows = wishes_.mix.draw(settings.flows, settings.seed);
        plan.concurrency = settings.concurrency;
        if (settings.rate)
            plan.schedule.emplace(settings.how, *settings.rate, chaos_seed(settings.seed, 1));
        plan.timeout = wishes_.timeout;
        plan.on_progress = [this](drive_progress const& now) { show(now); };
        auto const users = plan.people;
        auto const wanted = plan.options;
        if (settings.governor != rate_mode::off)
            co_await learn_limits(executor, wanted);
        server_counts before;
        if (sandbox_)
            before = co_await control->counts();
        begun_ = true;
        co_await run_drive(std::move(plan), outcome_);
        line_.clear();
        if (sandbox_) {
            auto const after = co_await control->counts();
            settings.requests_at_server = after.requests - before.requests;
        }
        if (wishes_.accounts_file)
            co_await end_sessions(executor, wanted, users);
    }

    /// Whether flows have begun; before that there is no outcome.
    bool has_begun() const noexcept { return begun_; }

    drive_outcome const& outcome() const noexcept { return outcome_; }

private:
    void start_sandbox()
    {
        auto const begin = clock::now();
        sandbox_.emplace();
        wishes_.settings.base_url = sandbox_->base_url();
        out_.ok(
            "sandbox " + wishes_.settings.generation + (wishes_.settings.limits ? " with" : " without") +
                " rate limits: process " + std::to_string(sandbox_->id()),
            clock::now() - begin);
    }

    /// @returns nothing: the server is no sandbox, or is to be treated as if it were none
    asio::awaitable<std::optional<control_client>> find_control(
        asio::any_io_executor executor, client_options wanted)
    {
        std::optional<control_client> control;
        if (wishes_.accounts_file)
            co_return control;
        control.emplace(executor, std::move(wanted));
        if (sandbox_)
            co_await control->choose(wishes_.settings.generation, wishes_.settings.limits);
        auto const is_there = co_await control->is_there();
        if (!is_there)
            throw std::runtime_error(
                wishes_.settings.base_url +
                " is no sandbox: name accounts to use with --accounts FILE, and leave ip out of --mix");
        co_return control;
    }

    asio::awaitable<void> find_people(
        asio::any_io_executor executor, std::optional<control_client> control, drive_plan& plan)
    {
        auto const begin = clock::now();
        std::random_device random;
        people_wishes who;
        who.flows = wishes_.mix.shares(wishes_.settings.flows);
        who.concurrency = wishes_.settings.concurrency;
        who.addresses = wishes_.addresses;
        // Not of the seed: the same drive may come again, to the same sandbox.
        who.tag = std::to_string(random());
        auto const first_address = random();
        who.book = address_book(first_address);
        if (!control) {
            if (wishes_.mix.of(flow_kind::ip) != 0)
                throw std::runtime_error("--mix has ip, whose mails only a sandbox lets be read");
            auto given = people_in(*wishes_.accounts_file);
            client const users(executor, plan.options);
            co_await cast_people(users, std::move(given), std::move(who), wishes_.timeout, plan.people);
            out_.ok("accounts of " + *wishes_.accounts_file, clock::now() - begin);
            co_return;
        }
        auto const homes = co_await make_people(*control, std::move(who), plan.people);
        plan.mailbox = control;
        plan.new_addresses = address_book(first_address + homes);
        std::size_t count = 0;
        for (auto const kind : all_flow_kinds)
            count += plan.people.of(kind).size();
        out_.ok(
            with_separators(count) + " accounts made, at " + with_separators(homes) + " addresses",
            clock::now() - begin);
    }

    /// The governor counts from the first answer on that shows the server to have limits: that must not be one of many
    /// which are under way by then.
    static asio::awaitable<void> learn_limits(asio::any_io_executor executor, client_options wanted)
    {
        client asks(executor, std::move(wanted));
        auto const answer = co_await asks.get_sso_status();
        answer.value();
    }

    /// Of those who let other devices in: nobody else will.
    asio::awaitable<void> end_sessions(
        asio::any_io_executor executor, client_options wanted, drive_people people)
    {
        client users(executor, std::move(wanted));
        for (auto const& who : people.of(flow_kind::handoff)) {
            auto const ended = co_await users.logout_user(who.session->token);
            if (!ended)
                out_.note(
                    printable(who.email) + " is still logged in: " + printable(ended.error().to_string()));
        }
    }

    void show(drive_progress const& now)
    {
        auto const moment = clock::now();
        if (interactive_ && line_.is_due(moment)) {
            line_.update(now.ledger->total().ended(), drive_text(now), moment);
        } else if (!interactive_ && now.elapsed >= next_line_) {
            next_line_ = now.elapsed + pause_between_lines;
            out_.note(drive_text(now));
        }
    }

    drive_wishes& wishes_;
    report& out_;
    std::optional<sandbox_process> sandbox_;
    progress_line line_;
    bool interactive_;
    clock::duration next_line_ = pause_between_lines;
    bool begun_ = false;
    drive_outcome outcome_;
};

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
    drive_session session(wishes, out, shows);
    asio::io_context io(1);
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
