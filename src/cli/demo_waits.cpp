// Steps 4 and 5 of the demo: waiting for what a person does elsewhere.
#include "cli/demo.hpp"
#include "cli/demo_people.hpp"
#include "cli/format.hpp"

#include <fluxer/auth/helpers.hpp>

#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// How long a person takes to react, at the least.
constexpr std::chrono::milliseconds reaction{600};

constexpr std::chrono::seconds longest_wait{30};

poll_options polls_shown_on(report& out)
{
    poll_options options;
    options.deadline = longest_wait;
    options.on_progress = [&out](poll_progress const& now) {
        if (now.next_poll_in > 0ms)
            out.note(
                "poll " + std::to_string(now.polls) + ": not yet, next in " +
                duration_text(now.next_poll_in));
    };
    return options;
}

session session_of(wait_outcome outcome)
{
    if (outcome.error && !outcome.session)
        throw exception(*outcome.error);
    expect(outcome.session.has_value(), "the wait ended as " + std::string(to_string(outcome.status)));
    return std::move(*outcome.session);
}

asio::awaitable<void> pause(std::chrono::milliseconds time)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

/// The user at another device, who opens the link in the mail. Owns what it uses.
asio::awaitable<bool> open_mailed_link(control_client mailbox, client device, report* out)
{
    co_await pause(reaction);
    auto const link = co_await mailbox.mailed_link(ada, "ip_authorization");
    auto token = token_from_link(link.reveal());
    expect(token.has_value(), "the mailed link holds no token");
    authorize_ip_request request(std::move(*token));
    auto const answer = co_await device.authorize_ip_address(std::move(request));
    answer.value();
    out->ok("the user opens the mailed link on the laptop");
    co_return true;
}

/// The user at the laptop, who types in the code that the other device shows.
asio::awaitable<bool> approve(client device, handoff ticket, session own)
{
    co_await pause(reaction);
    handoff_complete_request request(std::move(ticket.code), std::move(own.token), std::move(own.user_id));
    auto const answer = co_await device.complete_handoff(std::move(request));
    answer.value();
    co_return true;
}

/// Both devices of a handoff. Owns what it uses.
asio::awaitable<handoff_story> log_in_by_handoff(client device, client approver, session approvers)
{
    handoff_story story;
    stopwatch const initiate_watch;
    auto const initiated = co_await device.initiate_handoff();
    auto ticket = initiated.value();
    story.initiate_time = initiate_watch.time();

    stopwatch const wait_watch;
    auto typing = approve(approver, ticket, std::move(approvers));
    auto const executor = co_await asio::this_coro::executor;
    background<bool> user(executor, std::move(typing));
    poll_options options;
    options.deadline = longest_wait;
    auto outcome = co_await wait_for_handoff(device, std::move(ticket), std::move(options));
    story.wait_time = wait_watch.time();
    co_await user.join();
    story.polls = outcome.polls;
    story.made = session_of(std::move(outcome));
    co_return story;
}

} // namespace

asio::awaitable<void> demo::login_from_new_address()
{
    stopwatch const login_watch;
    login_request request(ada, ada_password);
    auto const answer = co_await phone_.login_user(std::move(request));
    expect(answer.has_error(), "the server let a login from a new address pass");
    auto const& why = answer.error();
    expect(why.ip_authorization(), why.to_string());
    auto ticket = *why.ip_authorization();
    out_.ok("password accepted; the server sends a mail to " + printable(ticket.email), login_watch.time());

    auto beside = log_in_by_handoff(television_, laptop_, on_laptop_);
    handoff_.emplace(executor_, std::move(beside));
    stopwatch const wait_watch;
    auto reader = open_mailed_link(control_, laptop_, &out_);
    background<bool> user(executor_, std::move(reader));
    auto options = polls_shown_on(out_);
    auto outcome = co_await wait_for_ip_authorization(phone_, std::move(ticket), std::move(options));
    auto const polls = outcome.polls;
    co_await user.join();
    on_phone_ = session_of(std::move(outcome));
    expect(on_phone_.user_id == on_laptop_.user_id, "the phone is logged in as somebody else");
    out_.ok("the phone is logged in, after " + std::to_string(polls) + " polls", wait_watch.time());
}

asio::awaitable<void> demo::hand_off()
{
    auto story = co_await handoff_->join();
    handoff_.reset();
    on_television_ = std::move(story.made);
    expect(on_television_.user_id == on_laptop_.user_id, "the television is logged in as somebody else");
    expect(on_television_.token != on_laptop_.token, "the television has the laptop's own session");
    out_.note("this ran beside step 4");
    out_.ok("the television shows a code (not shown here)", story.initiate_time);
    out_.ok("the user types the code on the laptop, which approves");
    out_.ok("the television is logged in, after " + std::to_string(story.polls) + " polls", story.wait_time);
}

} // namespace fluxer::auth::cli
