#include "cli/drive_setup.hpp"

#include "cli/drive_flows.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;

namespace {

// The accounts live in a sandbox, so that their password protects nothing.
constexpr char const* password = "a coach and six at full gallop";

// Contract 5.5: 5 logins for an e-mail address in 15 minutes, 10 from an IP address in 30. The governor keeps one back.
constexpr std::size_t flows_per_account = 4;
constexpr std::size_t accounts_per_address = 2;
constexpr std::size_t most_authenticators = 5'000;

std::size_t accounts_for(flow_kind kind, people_wishes const& wishes)
{
    auto const flows = wishes.flows[static_cast<std::size_t>(kind)];
    // One login at a time: the newest mail has to be its own.
    if (kind == flow_kind::ip)
        return flows;
    auto least = std::min(flows, wishes.concurrency);
    if (kind == flow_kind::totp)
        least = std::min(flows, std::max(wishes.concurrency, most_authenticators));
    return std::max(least, (flows + flows_per_account - 1) / flows_per_account);
}

bool is_wanted(people_wishes const& wishes, flow_kind kind)
{
    return wishes.flows[static_cast<std::size_t>(kind)] != 0;
}

asio::awaitable<drive_person> make_person(control_client control, flow_kind kind, wanted_account wanted)
{
    auto const made = co_await control.make_account(wanted);
    drive_person who;
    who.email = wanted.email;
    who.password = wanted.password;
    who.totp_key = made.totp_key;
    who.user_id = made.user_id;
    who.address = wanted.address;
    if (kind == flow_kind::handoff)
        who.session = co_await control.create_session(wanted.email);
    co_return who;
}

asio::awaitable<void> log_in_account(drive_tools& tools, drive_person& who)
{
    auto outcome = co_await sign_person_in(tools, who);
    if (!outcome.session)
        throw std::runtime_error(
            who.email + " cannot log in to let another device in: " +
            (outcome.error ? outcome.error->to_string() : std::string(to_string(outcome.end))));
    who.session = std::move(outcome.session);
}

} // namespace

asio::awaitable<std::size_t> make_people(control_client control, people_wishes wishes, drive_people& people)
{
    std::size_t number = 0;
    std::size_t homes = 0;
    for (auto const kind : all_flow_kinds) {
        for (auto left = accounts_for(kind, wishes); left > 0; --left, ++number) {
            auto const home = wishes.addresses ? number % *wishes.addresses : number / accounts_per_address;
            homes = std::max(homes, home + 1);
            wanted_account wanted;
            wanted.email = "drive-" + wishes.tag + "-" + std::to_string(number) + "@example.com";
            wanted.password = password;
            wanted.address = wishes.book.at(home);
            wanted.totp = kind == flow_kind::totp;
            auto who = co_await make_person(control, kind, std::move(wanted));
            people.add(kind, std::move(who));
        }
    }
    co_return homes;
}

asio::awaitable<void> cast_people(
    client users, std::vector<drive_person> given, people_wishes wishes, milliseconds timeout,
    drive_people& people)
{
    auto const has_key = [](drive_person const& who) { return who.totp_key.has_value(); };
    std::ranges::stable_partition(given, std::not_fn(has_key));
    bool const any_plain = !has_key(given.front());
    if (is_wanted(wishes, flow_kind::totp) && !has_key(given.back()))
        throw std::runtime_error("--mix has totp, and none of the accounts an authenticator's key");
    if (is_wanted(wishes, flow_kind::login) && !any_plain)
        throw std::runtime_error("--mix has login, and all accounts have an authenticator's key");

    if (is_wanted(wishes, flow_kind::handoff)) {
        drive_tools tools(std::move(users));
        tools.timeout = timeout;
        for (std::size_t i = 0; i < given.size() && i < wishes.concurrency; ++i) {
            co_await log_in_account(tools, given[i]);
            people.add(flow_kind::handoff, given[i]);
        }
    }
    for (auto& who : given)
        people.add(has_key(who) ? flow_kind::totp : flow_kind::login, std::move(who));
}

} // namespace fluxer::auth::cli
