// Steps 1 to 3 and 6 of the demo.
#include "cli/demo.hpp"
#include "cli/demo_people.hpp"
#include "cli/format.hpp"
#include "cli/table.hpp"

#include <fluxer/auth/helpers.hpp>

#include <algorithm>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;

asio::awaitable<void> demo::register_account()
{
    stopwatch const watch;
    register_request request("1990-12-10", true);
    request.email = ada;
    request.password = secret(ada_password);
    request.global_name = "Ada";
    auto answer = co_await laptop_.register_account(std::move(request));
    on_laptop_ = session_of(std::move(answer));
    out_.ok("account " + on_laptop_.user_id.str() + " for " + ada, watch.time());
}

asio::awaitable<void> demo::use_wrong_password()
{
    stopwatch const watch;
    login_request request(ada, "not her password");
    auto const answer = co_await laptop_.login_user(std::move(request));
    expect(answer.has_error(), "the server let a wrong password pass");
    auto const& why = answer.error();
    expect(why.code() == errc::rejected_input && why.field("password"), why.to_string());
    out_.ok("refused; the error says:", watch.time());
    out_.note(why.to_string());
}

asio::awaitable<void> demo::login_with_second_factor()
{
    co_await control_.create_account(grace, grace_password);
    auto const key = co_await control_.enable_totp(grace);

    stopwatch const login_watch;
    login_request request(grace, grace_password);
    auto answer = co_await laptop_.login_user(std::move(request));
    auto const* challenge = std::get_if<mfa_challenge>(&answer.value());
    expect(challenge && challenge->totp, "the server did not ask for a TOTP code");
    out_.ok("password accepted, the server asks for a code", login_watch.time());

    stopwatch const code_watch;
    auto code = totp_code(key);
    expect(code.has_value(), "the authenticator's key is not base32");
    mfa_totp_request proof(std::move(*code), challenge->ticket);
    auto const session = co_await laptop_.login_with_totp(std::move(proof));
    out_.ok("code accepted, " + std::string(grace) + " is logged in", code_watch.time());

    auto const logout = co_await laptop_.logout_user(session.value().token);
    logout.value();
}

namespace {

std::string name_of(auth_session const& listed)
{
    if (!listed.client_info)
        return "unknown";
    auto const& info = *listed.client_info;
    return printable(info.platform.value_or("?")) + " on " + printable(info.os.value_or("?"));
}

} // namespace

asio::awaitable<void> demo::end_sessions()
{
    stopwatch const list_watch;
    auto const listed = co_await laptop_.list_auth_sessions(on_laptop_.token);
    auto const& sessions = listed.value();
    auto const own = session_id_hash(on_laptop_.token);
    std::vector<std::string> hashes;
    table rows({align::left, align::left, align::left});
    for (auto const& each : sessions) {
        hashes.push_back(each.id_hash);
        rows.add_row(
            {each.id_hash.substr(0, 8) + "...", name_of(each), each.id_hash == own ? "<- this one" : ""});
    }
    out_.ok(std::to_string(sessions.size()) + " sessions:", list_watch.time());
    out_.block(rows.to_string(out_.indent()));
    for (auto const* session : {&on_laptop_, &on_phone_, &on_television_})
        expect(
            std::ranges::count(hashes, session_id_hash(session->token)) == 1,
            "a session of the demo is not listed");
    expect(hashes.size() == 3, "there should be three sessions");

    stopwatch const logout_watch;
    logout_auth_sessions_request request(std::move(hashes));
    request.password = secret(ada_password);
    auto const logout = co_await laptop_.logout_all_sessions(on_laptop_.token, std::move(request));
    logout.value();
    out_.ok("all logged out, the password being the proof that this needs", logout_watch.time());

    stopwatch const check_watch;
    co_await expect_ended(on_laptop_);
    co_await expect_ended(on_phone_);
    co_await expect_ended(on_television_);
    auto const left = co_await control_.session_count(ada);
    expect(left == 0, "the server still has sessions of the account");
    out_.ok("each of the three tokens is answered 401 now", check_watch.time());
}

asio::awaitable<void> demo::expect_ended(session which)
{
    auto const answer = co_await laptop_.list_auth_sessions(std::move(which.token));
    expect(answer.has_error(), "a session that was logged out still works");
    auto const& why = answer.error();
    expect(why.code() == errc::unauthorized && why.http_status() == 401, why.to_string());
}

} // namespace fluxer::auth::cli
