#include "sweep/sweep.hpp"

#include <fluxer/auth/flows.hpp>

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

constexpr int polls = 3;
constexpr auto interval = 2s; // there is no shorter one

raw_response answer_of(std::string_view body)
{
    raw_response answer;
    answer.status = 200;
    answer.body = secret(body);
    return answer;
}

asio::awaitable<ending> ending_of_wait(asio::awaitable<wait_outcome> wait)
{
    auto const outcome = co_await std::move(wait);
    ending end;
    end.text = to_string(outcome.status);
    if (outcome.status == wait_status::cancelled)
        end.code = make_error_code(errc::cancelled);
    else if (outcome.status == wait_status::gave_up)
        end.code = make_error_code(errc::timed_out);
    else if (outcome.status != wait_status::completed)
        end.code = make_error_code(errc::unexpected_answer);
    co_return end;
}

/// A wait whose last poll is answered with a session, over a transport.
class wait_scenario
{
public:
    wait_scenario(std::string name, std::string_view pending_, std::string_view completed)
        : pending_answer_(pending_)
        , completed_answer_(completed)
    {
        what.name = std::move(name);
        what.options = [this] {
            client_options options("https://api.example.test");
            options.transport = [this](transport_request const& request, transport_reply const& reply) {
                auto const times = asked_.count(std::string(request.header_value("X-Request-ID")));
                reply(answer_of(times % (polls + 1) < polls ? pending_answer_ : completed_answer_));
            };
            return options;
        };
        what.times_asked = [this](std::string const& id) { return asked_.times(id); };
        what.most_times_asked = polls;
        what.real_limit = limit;
        what.blows = {blow::terminal, blow::partial, blow::total, blow::whole_limit, blow::destruction};
        what.check_next = check_next_call;
    }

    wait_scenario(wait_scenario const&) = delete;
    wait_scenario& operator=(wait_scenario const&) = delete;

    /// Far longer than all pauses together: waits that are not disturbed are to end before it on a slow machine too.
    static constexpr milliseconds limit = interval * polls + 20s;

    static poll_options options(call_options with)
    {
        poll_options options;
        options.interval = interval;
        options.jitter_percent = 0;
        if (std::exchange(with.timeout, std::nullopt))
            options.deadline = limit;
        options.call = std::move(with);
        return options;
    }

    scenario what;

private:
    std::string_view pending_answer_;
    std::string_view completed_answer_;
    ledger asked_;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(flows, descriptor_baseline)

BOOST_AUTO_TEST_CASE(fault_101_102_107_waiting_for_handoff_and_ip_authorization)
{
    wait_scenario handing_off(
        "wait_for_handoff", R"({"status":"pending"})",
        R"({"status":"completed","token":"flx_made_up","user_id":"17"})");
    handing_off.what.begin = [](world& in, call_options with) {
        handoff ticket;
        ticket.code = "ABCD-EFGH";
        return ending_of_wait(
            wait_for_handoff(*in.used, std::move(ticket), wait_scenario::options(std::move(with))));
    };
    wait_scenario authorizing(
        "wait_for_ip_authorization", R"({"completed":false})",
        R"({"completed":true,"token":"flx_made_up","user_id":"17"})");
    authorizing.what.begin = [](world& in, call_options with) {
        ip_authorization ticket;
        ticket.ticket = "made-up-ticket";
        return ending_of_wait(
            wait_for_ip_authorization(*in.used, std::move(ticket), wait_scenario::options(std::move(with))));
    };
    // Whoever abandons it has the code cancelled behind the wait, by a call that nobody waits for.
    wait_scenario abandoning(
        "pending_handoff::wait", R"({"status":"pending"})",
        R"({"status":"completed","token":"flx_made_up","user_id":"17"})");
    abandoning.what.begin = [](world& in, call_options with) {
        handoff ticket;
        ticket.code = "ABCD-EFGH";
        pending_handoff const device(*in.used, std::move(ticket), true);
        return ending_of_wait(device.wait(wait_scenario::options(std::move(with))));
    };
    wait_scenario noticing(
        "ip_authorization_notice::wait", R"({"completed":false})",
        R"({"completed":true,"token":"flx_made_up","user_id":"17"})");
    noticing.what.begin = [](world& in, call_options with) {
        ip_authorization ticket;
        ticket.ticket = "made-up-ticket";
        ip_authorization_notice const notice(*in.used, std::move(ticket));
        return ending_of_wait(notice.wait(wait_scenario::options(std::move(with))));
    };
    sweep_together({handing_off.what, authorizing.what, abandoning.what, noticing.what}, 6);
}

BOOST_AUTO_TEST_SUITE_END()
