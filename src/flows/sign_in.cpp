#include <fluxer/auth/sign_in.hpp>

#include "client/executor.hpp"
#include "client/perform.hpp"
#include "flows/poll_loop.hpp"
#include "flows/sign_in_work.hpp"
#include "flows/until_deadline.hpp"

#include <utility>

namespace fluxer::auth {

namespace {

namespace asio = boost::asio;

constexpr milliseconds longest_deadline = std::chrono::hours(24);
constexpr unsigned most_rounds = 100;

std::string problem_of(sign_in_options const& options)
{
    if (options.deadline < milliseconds(1) || options.deadline > longest_deadline)
        return "deadline is " + std::to_string(options.deadline.count()) + " ms; it must be 1 ms to 24 h";
    if (options.max_code_rounds < 1 || options.max_code_rounds > most_rounds)
        return "max_code_rounds is " + std::to_string(options.max_code_rounds) + "; it must be 1 to 100";
    if (options.max_captcha_rounds < 1 || options.max_captcha_rounds > most_rounds)
        return "max_captcha_rounds is " + std::to_string(options.max_captcha_rounds) +
               "; it must be 1 to 100";
    if (options.altcha.timeout < milliseconds(1) || options.altcha.timeout > longest_deadline)
        return "altcha.timeout is " + std::to_string(options.altcha.timeout.count()) +
               " ms; it must be 1 ms to 24 h";
    auto poll = options.poll;
    poll.deadline.reset(); // not used
    auto problem = flows_detail::problem_of(poll);
    return problem.empty() ? problem : "poll." + problem;
}

/// Where one sign-in runs: its deadline and the notice of a mail run beside it, and must not meet it on two threads.
asio::any_io_executor place_of(asio::any_io_executor const& caller, client const& client)
{
    // Whatever the client runs on is run by one thread at a time.
    if (caller == client.get_executor())
        return caller;
    return client_detail::sequential(caller, threading::automatic);
}

sign_in_outcome refused(std::string problem)
{
    error_info info;
    info.code = errc::invalid_option;
    info.message = std::move(problem);
    sign_in_outcome outcome;
    outcome.error = error(std::move(info));
    return outcome;
}

} // namespace

password_credentials::password_credentials(std::string email_, secret password_)
    : email(std::move(email_))
    , password(std::move(password_))
{}

sso_credentials::sso_credentials(secret code_, secret state_)
    : code(std::move(code_))
    , state(std::move(state_))
{}

mfa_answer::mfa_answer(kind what, secret code)
    : what_(what)
    , code_(std::move(code))
{}

mfa_answer mfa_answer::totp(secret code)
{
    return {kind::totp, std::move(code)};
}

mfa_answer mfa_answer::send_sms()
{
    return {kind::send_sms, {}};
}

mfa_answer mfa_answer::sms(secret code)
{
    return {kind::sms, std::move(code)};
}

mfa_answer mfa_answer::passkey()
{
    return {kind::passkey, {}};
}

sign_in_options&& sign_in_options::with_deadline(milliseconds value) &&
{
    deadline = value;
    return std::move(*this);
}

sign_in_options&& sign_in_options::with_new_login_after_expiry() &&
{
    new_login_after_expiry = true;
    return std::move(*this);
}

asio::awaitable<sign_in_outcome> sign_in(
    client client, sign_in_credentials credentials, sign_in_handlers handlers, sign_in_options options)
{
    if (auto problem = problem_of(options); !problem.empty())
        co_return refused(std::move(problem));
    auto const here = co_await asio::this_coro::executor;
    auto const deadline = options.deadline;
    auto const place = place_of(here, client);
    flows_detail::sign_in_work work(
        std::move(client), std::move(credentials), std::move(handlers), std::move(options));
    flows_detail::until_deadline<sign_in_outcome, flows_detail::sign_in_work> timed(
        place, std::chrono::steady_clock::now() + deadline, std::move(work));
    auto outcome = co_await client_detail::perform<sign_in_outcome>(std::move(timed));
    co_return outcome;
}

} // namespace fluxer::auth
