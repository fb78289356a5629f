#include "cli/drive_flows.hpp"

#include "cli/background.hpp"

#include <fluxer/auth/flows.hpp>
#include <fluxer/auth/helpers.hpp>

#include <algorithm>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// What a flow came to, before its logout.
struct flow_gain
{
    flow_gain() = default;

    std::optional<session> made;
    std::optional<flow_failure> failure;

    static flow_gain nothing(flow_failure why)
    {
        flow_gain gain;
        gain.failure = std::move(why);
        return gain;
    }
};

call_options from_address(std::string const& address)
{
    call_options options;
    if (!address.empty())
        options.headers.emplace_back("X-Forwarded-For", address);
    return options;
}

sign_in_options options_from(drive_tools const& tools, std::string const& address)
{
    sign_in_options options;
    options.deadline = tools.timeout;
    options.call = from_address(address);
    return options;
}

flow_gain gain_of(sign_in_outcome outcome)
{
    if (!outcome.session)
        return flow_gain::nothing(failure_of(outcome));
    flow_gain gain;
    gain.made = std::move(outcome.session);
    return gain;
}

/// The user at the authenticator app, who may have to wait until it shows a code that was not used before.
asio::awaitable<mfa_answer> show_code(drive_person* who, mfa_question question)
{
    using std::chrono::system_clock;
    constexpr auto interval = 30s;
    // The app's next code would not make a wrong key right.
    if (question.problem || !who->totp_key)
        co_return mfa_answer::give_up();
    auto now = system_clock::now();
    auto const begin =
        system_clock::time_point(interval * take_code(*who, now.time_since_epoch() / interval));
    if (begin > now) {
        asio::steady_timer timer(co_await asio::this_coro::executor, begin - now);
        co_await timer.async_wait(asio::use_awaitable);
        now = begin;
    }
    auto code = totp_code(*who->totp_key, now);
    co_return code ? mfa_answer::totp(std::move(*code)) : mfa_answer::give_up();
}

/// The user who opens the link in the mail, at the new device.
struct mail_reader
{
    mail_reader() = default;

    drive_tools* tools = nullptr;
    std::string email;
    std::string address;
    std::optional<flow_failure> problem;
};

asio::awaitable<bool> open_mailed_link(mail_reader* reader)
{
    auto const link = co_await reader->tools->mailbox->mailed_link(reader->email, "ip_authorization");
    auto token = token_from_link(link.reveal());
    if (!token) {
        reader->problem = flow_failure("authorize_ip_address", "the mailed link holds no token");
        co_return false;
    }
    authorize_ip_request request(std::move(*token));
    auto options = from_address(reader->address);
    auto const answer =
        co_await reader->tools->users.authorize_ip_address(std::move(request), std::move(options));
    if (!answer)
        reader->problem = flow_failure(answer.error());
    co_return answer.has_value();
}

asio::awaitable<flow_gain> log_in(drive_tools& tools, drive_person& who)
{
    auto outcome = co_await sign_person_in(tools, who);
    co_return gain_of(std::move(outcome));
}

asio::awaitable<flow_gain> log_in_from_new_address(drive_tools& tools, drive_person& who)
{
    mail_reader reader;
    reader.tools = &tools;
    reader.email = who.email;
    reader.address = tools.new_addresses.at(tools.addresses_used++);
    password_credentials credentials(who.email, who.password);
    sign_in_handlers handlers;
    handlers.ip_authorization = [opens = &reader](ip_authorization_notice const&) {
        return open_mailed_link(opens);
    };
    auto options = options_from(tools, reader.address);
    auto outcome =
        co_await sign_in(tools.users, std::move(credentials), std::move(handlers), std::move(options));
    if (!outcome.session && reader.problem)
        co_return flow_gain::nothing(std::move(*reader.problem));
    co_return gain_of(std::move(outcome));
}

/// The device that shows a code. Owns what it uses.
asio::awaitable<wait_outcome> wait_for_approval(pending_handoff device, poll_options options)
{
    auto outcome = co_await device.wait(std::move(options));
    co_return outcome;
}

asio::awaitable<flow_gain> hand_over(drive_tools& tools, drive_person& who)
{
    start_handoff_options shown;
    shown.call = from_address(who.address);
    auto const device = co_await start_handoff(tools.users, std::move(shown));
    if (!device)
        co_return flow_gain::nothing(flow_failure(device.error()));

    poll_options polls;
    polls.deadline = tools.timeout;
    polls.call = from_address(who.address);
    auto const executor = co_await asio::this_coro::executor;
    background<wait_outcome> waiting(executor, wait_for_approval(*device, std::move(polls)));
    approve_handoff_options typed_in;
    typed_in.call = from_address(who.address);
    auto const approval =
        co_await approve_handoff(tools.users, *who.session, device->code(), std::move(typed_in));
    if (!approval)
        co_return flow_gain::nothing(flow_failure(approval.error()));

    auto outcome = co_await waiting.join();
    auto const end = std::string(to_string(outcome.status));
    if (!outcome.session && outcome.error)
        co_return flow_gain::nothing(flow_failure(*outcome.error, end));
    if (!outcome.session)
        co_return flow_gain::nothing(flow_failure("wait_for_handoff", end));
    flow_gain gain;
    gain.made = std::move(outcome.session);
    co_return gain;
}

asio::awaitable<flow_gain> gain_session(drive_tools& tools, flow_kind kind, drive_person& who)
{
    if (kind == flow_kind::ip)
        return log_in_from_new_address(tools, who);
    if (kind == flow_kind::handoff)
        return hand_over(tools, who);
    return log_in(tools, who);
}

} // namespace

flow_failure failure_of(sign_in_outcome const& outcome)
{
    auto const end = outcome.end == sign_in_step::failed ? std::string_view() : to_string(outcome.end);
    if (outcome.error)
        return flow_failure(*outcome.error, end);
    return {std::string(to_string(outcome.last)), std::string(end)};
}

asio::awaitable<sign_in_outcome> sign_person_in(drive_tools& tools, drive_person& who)
{
    password_credentials credentials(who.email, who.password);
    sign_in_handlers handlers;
    if (who.totp_key)
        handlers.mfa = [person = &who](mfa_question question) {
            return show_code(person, std::move(question));
        };
    return sign_in(
        tools.users, std::move(credentials), std::move(handlers), options_from(tools, who.address));
}

asio::awaitable<flow_result> run_flow(drive_tools& tools, flow_kind kind, drive_person& who)
{
    flow_result result;
    auto gain = co_await gain_session(tools, kind, who);
    result.signed_in = flow_times::time_point::clock::now();
    if (gain.failure) {
        result.failure = std::move(gain.failure);
        co_return result;
    }
    if (!who.user_id.empty() && gain.made->user_id.str() != who.user_id) {
        result.failure = flow_failure(std::string(to_string(kind)), "the session is another user's");
        co_return result;
    }
    auto options = from_address(who.address);
    auto const logout = co_await tools.users.logout_user(gain.made->token, std::move(options));
    if (!logout)
        result.failure = flow_failure(logout.error());
    co_return result;
}

} // namespace fluxer::auth::cli
