#include "cli/drive_session.hpp"

#include "cli/drive_setup.hpp"
#include "cli/format.hpp"
#include "cli/shielded.hpp"

#include <boost/asio/this_coro.hpp>

#include <exception>
#include <iostream>
#include <random>
#include <stdexcept>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr clock::duration pause_between_lines = 5s;

client_options client_for(drive_wishes const& wishes, std::string const& ca_pem)
{
    client_options wanted(wishes.settings.base_url);
    wanted.tls.ca_file = wishes.ca_file;
    wanted.tls.ca_pem = ca_pem;
    wanted.allow_plain_http = wishes.allow_plain_http;
    wanted.user_agent = "fluxer-auth drive";
    wanted.pool.max_connections = wishes.settings.connections;
    // A handoff has two calls under way at most.
    wanted.pool.max_waiting = 2 * wishes.settings.concurrency;
    wanted.limits.pool_wait = wishes.timeout;
    wanted.limits.call = wishes.timeout;
    wanted.rate.mode = wishes.settings.governor;
    return wanted;
}

/// The governor counts from the first answer on that shows the server to have limits: that must not be one of many which
/// are under way by then.
asio::awaitable<void> learn_limits(client asks)
{
    auto const answer = co_await asks.get_sso_status();
    answer.value();
}

} // namespace

drive_session::drive_session(drive_wishes& wishes, report& out, terminal shows)
    : wishes_(wishes)
    , out_(out)
    , line_(std::cout, shows.interactive, out.indent(), wishes.settings.flows, shows.columns)
    , interactive_(shows.interactive)
    , next_line_(pause_between_lines)
{}

asio::awaitable<void> drive_session::run()
{
    if (wishes_.settings.base_url.empty())
        start_sandbox();
    drive_plan plan;
    std::exception_ptr failure;
    try {
        co_await prepare(plan);
        co_await count_flows(plan);
    } catch (...) {
        failure = std::current_exception();
    }
    if (wishes_.accounts_file) {
        // Also if it was Ctrl-C that led here.
        co_await asio::this_coro::throw_if_cancelled(false);
        co_await shielded(end_sessions(plan));
        co_await asio::this_coro::throw_if_cancelled(true);
    }
    if (failure)
        std::rethrow_exception(failure);
}

void drive_session::start_sandbox()
{
    auto const begin = clock::now();
    sandbox_.emplace();
    auto& settings = wishes_.settings;
    settings.base_url = sandbox_->base_url();
    out_.ok(
        "sandbox " + settings.generation + (settings.limits ? " with" : " without") +
            " rate limits: process " + std::to_string(sandbox_->id()),
        clock::now() - begin);
}

asio::awaitable<void> drive_session::prepare(drive_plan& plan)
{
    auto const& settings = wishes_.settings;
    plan.options = client_for(wishes_, sandbox_ ? sandbox_->ca_pem() : std::string());
    if (!wishes_.accounts_file)
        co_await find_control(plan.options);
    if (settings.governor != rate_mode::off) {
        auto const executor = co_await asio::this_coro::executor;
        client const asks(executor, plan.options);
        co_await learn_limits(asks);
    }
    co_await find_people(plan);
    plan.flows = wishes_.mix.draw(settings.flows, settings.seed);
    plan.concurrency = settings.concurrency;
    if (settings.rate)
        plan.schedule.emplace(settings.how, *settings.rate, chaos_seed(settings.seed, 1));
    plan.timeout = wishes_.timeout;
    plan.on_progress = [this](drive_progress const& now) { show(now); };
}

asio::awaitable<void> drive_session::find_control(client_options options)
{
    auto const executor = co_await asio::this_coro::executor;
    control_.emplace(executor, std::move(options));
    if (sandbox_)
        co_await control_->choose(wishes_.settings.generation, wishes_.settings.limits);
    auto const is_there = co_await control_->is_there();
    if (!is_there)
        throw std::runtime_error(
            wishes_.settings.base_url +
            " is no sandbox: name accounts to use with --accounts FILE, and leave ip out of --mix");
}

asio::awaitable<void> drive_session::find_people(drive_plan& plan)
{
    auto const begin = clock::now();
    std::random_device random;
    people_wishes who;
    who.flows = wishes_.mix.shares(wishes_.settings.flows);
    who.concurrency = wishes_.settings.concurrency;
    if (!control_) {
        auto given = people_in(*wishes_.accounts_file);
        auto const executor = co_await asio::this_coro::executor;
        client const users(executor, plan.options);
        co_await cast_people(users, std::move(given), std::move(who), wishes_.timeout, plan.people);
        out_.ok("accounts of " + *wishes_.accounts_file, clock::now() - begin);
        co_return;
    }
    who.addresses = wishes_.addresses;
    // Not of the seed: the same drive may come again, to the same sandbox.
    who.tag = std::to_string(random());
    auto const first_address = random();
    who.book = address_book(first_address);
    auto const homes = co_await make_people(*control_, std::move(who), plan.people);
    plan.mailbox = control_;
    plan.new_addresses = address_book(first_address + homes);
    out_.ok(
        with_separators(plan.people.size()) + " accounts made, at " + with_separators(homes) + " addresses",
        clock::now() - begin);
}

asio::awaitable<void> drive_session::count_flows(drive_plan const& plan)
{
    server_counts before;
    if (sandbox_)
        before = co_await control_->counts();
    begun_ = true;
    co_await run_drive(plan, outcome_);
    line_.clear();
    if (sandbox_) {
        auto const after = co_await control_->counts();
        wishes_.settings.requests_at_server = after.requests - before.requests;
    }
}

/// Of those who let other devices in: nobody else will.
asio::awaitable<void> drive_session::end_sessions(drive_plan& plan)
{
    if (plan.people.of(flow_kind::handoff).empty())
        co_return;
    auto const executor = co_await asio::this_coro::executor;
    client users(executor, plan.options);
    for (auto const& who : plan.people.of(flow_kind::handoff)) {
        auto const ended = co_await users.logout_user(who.session->token);
        if (!ended)
            out_.note(printable(who.email + " is still logged in: " + ended.error().to_string()));
    }
}

void drive_session::show(drive_progress const& now)
{
    auto const moment = clock::now();
    if (interactive_ && line_.is_due(moment)) {
        line_.update(now.ledger->total().ended(), drive_text(now), moment);
    } else if (!interactive_ && now.elapsed >= next_line_) {
        next_line_ = now.elapsed + pause_between_lines;
        out_.note(drive_text(now));
    }
}

} // namespace fluxer::auth::cli
