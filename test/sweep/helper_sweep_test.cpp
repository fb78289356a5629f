// What stands beside the 28 operations and the flows: newer servers' operations, the helpers of sudo, the parts of flows,
// and the proof of work.
#include "limits/proof_of_work.hpp"
#include "sweep/sweep.hpp"

#include <fluxer/auth/altcha.hpp>
#include <fluxer/auth/flows.hpp>
#include <fluxer/auth/sudo.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

constexpr char const* token = "flx_made_up";
constexpr milliseconds solving_limit = 20s; // far longer than ten hashes take

/// A call that sends one request, over an idle connection.
void sweep_call(std::string name, std::function<asio::awaitable<ending>(world&, call_options)> begin)
{
    sweep_server server(server_manners{});
    auto what = scenario_for(server, std::move(name) + ", warm");
    what.prepare = warm;
    what.begin = std::move(begin);
    sweep(what, 2);
}

/// It has to outlive the call.
asio::awaitable<ending> ending_of_resend(client api, call_options with)
{
    ip_authorization ticket;
    ticket.ticket = "made-up-ticket";
    ticket.received_at -= 1min;
    ip_authorization_notice notice(std::move(api), std::move(ticket));
    auto call = ending_of(notice.resend(std::move(with)));
    auto end = co_await std::move(call);
    co_return end;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(helpers, descriptor_baseline)

BOOST_AUTO_TEST_CASE(fault_101_102_107_newer_operations)
{
    sweep_call("validate_reset_token", [](world& in, call_options with) {
        validate_reset_token_request request(secret(std::string(64, 'a')));
        return ending_of(in.used->validate_reset_token(std::move(request), std::move(with)));
    });
    sweep_call("get_handoff_info", [](world& in, call_options with) {
        return ending_of(in.used->get_handoff_info("ABCD-EFGH", std::move(with)));
    });
    sweep_call("deny_handoff", [](world& in, call_options with) {
        return ending_of(in.used->deny_handoff("ABCD-EFGH", std::move(with)));
    });
    sweep_call("check_username", [](world& in, call_options with) {
        return ending_of(in.used->check_username({"ann"}, std::move(with)));
    });
}

BOOST_AUTO_TEST_CASE(fault_101_102_107_helpers_of_sudo)
{
    sweep_call("get_sudo_methods", [](world& in, call_options with) {
        return ending_of(get_sudo_methods(*in.used, secret(token), std::move(with)));
    });
    sweep_call("send_sudo_sms_code", [](world& in, call_options with) {
        return ending_of(send_sudo_sms_code(*in.used, secret(token), std::move(with)));
    });
    sweep_call("get_sudo_webauthn_options", [](world& in, call_options with) {
        return ending_of(get_sudo_webauthn_options(*in.used, secret(token), std::move(with)));
    });
}

BOOST_AUTO_TEST_CASE(fault_101_102_107_parts_of_flows)
{
    sweep_call("pending_handoff::cancel", [](world& in, call_options with) {
        handoff ticket;
        ticket.code = "ABCD-EFGH";
        pending_handoff const device(*in.used, std::move(ticket), false);
        return ending_of(device.cancel(std::move(with)));
    });
    sweep_call("ip_authorization_notice::resend", [](world& in, call_options with) {
        return ending_of_resend(*in.used, std::move(with));
    });
}

BOOST_AUTO_TEST_CASE(fault_101_102_107_proof_of_work)
{
    scenario what;
    what.name = "solve_altcha";
    what.options = [] {
        client_options options("https://api.example.test");
        options.transport = [](transport_request const&, transport_reply const& reply) { reply(made(204)); };
        return options;
    };
    what.begin = [](world&, call_options with) {
        altcha_challenge challenge;
        challenge.salt = "pepper";
        challenge.challenge = sha256_of("pepper7");
        challenge.max_number = 10;
        altcha_options options;
        if (with.timeout)
            options.timeout = solving_limit;
        return ending_of(solve_altcha(std::move(challenge), std::move(options)));
    };
    what.check_next = check_next_call;
    what.is_call = false;
    what.real_limit = solving_limit;
    what.blows = {blow::terminal, blow::partial, blow::total, blow::whole_limit, blow::destruction};
    sweep_together({what}, 2);
}

BOOST_AUTO_TEST_SUITE_END()
