// What the client keeps of sudo tokens, step by step and without any call.
#include "call/sudo_memory.hpp"

#include <boost/test/unit_test.hpp>

#include <fluxer/auth/helpers.hpp>

#include <chrono>

using namespace fluxer::auth;
using namespace std::chrono_literals;

namespace {

constexpr char const* header_name = "X-Fluxer-Sudo-Mode-JWT";
constexpr char const* first_token = "header.payload.one";
constexpr char const* second_token = "header.payload.two";

wire::request request_of(operation what, std::string_view session = "flx_one")
{
    wire::request made;
    made.operation = what;
    made.method = "POST";
    made.token = secret(session);
    return made;
}

wire::answer answer_with(std::string_view token, int status = 204, std::string_view name = header_name)
{
    wire::answer made;
    made.status = status;
    if (!token.empty())
        made.headers.add(name, token);
    return made;
}

wire::answer refusal(std::string_view code = "SUDO_MODE_REQUIRED")
{
    wire::answer made;
    made.status = 403;
    made.body.append(R"({"code":")");
    made.body.append(code);
    made.body.append(R"(","message":"m","has_mfa":true})");
    return made;
}

struct memory_fixture
{
    bool sends(std::string_view token, wire::request const& with, call_options const& options = {})
    {
        auto const got = memory.token_for(with, options, now);
        return got ? got->reveal() == token : token.empty();
    }

    void learn(wire::answer const& answer, call_options const& options = {})
    {
        learn_of(end_sessions, answer, options);
    }

    void learn_of(wire::request const& request, wire::answer const& answer, call_options const& options = {})
    {
        error_info refusal;
        if (answer.status >= 300)
            wire::decode_error(answer, refusal);
        memory.learn(request, options, answer, answer.status >= 300 ? &refusal : nullptr, now);
    }

    client_options settings;
    call::sudo_memory memory{settings};
    call::sudo_memory::time_point now{1h};
    wire::request const end_sessions = request_of(operation::logout_all_sessions);
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sudo_memory, memory_fixture)

BOOST_AUTO_TEST_CASE(an_answers_token_goes_with_what_may_need_it)
{
    BOOST_TEST(sends("", end_sessions));
    learn(answer_with(first_token));
    BOOST_TEST(sends(first_token, end_sessions));
    BOOST_TEST(sends(first_token, request_of(operation::raw)));
    BOOST_TEST(sends("", request_of(operation::list_auth_sessions)));
    BOOST_TEST(sends("", request_of(operation::logout_user)));
    BOOST_TEST(sends("", request_of(operation::logout_all_sessions, "flx_two")));
    auto const nobody = [] {
        auto made = request_of(operation::raw);
        made.token.reset();
        return made;
    }();
    BOOST_TEST(sends("", nobody));
}

BOOST_AUTO_TEST_CASE(the_headers_name_may_be_in_any_case)
{
    learn(answer_with(first_token, 200, "x-fluxer-SUDO-mode-jwt"));
    BOOST_TEST(sends(first_token, end_sessions));
}

BOOST_AUTO_TEST_CASE(other_credentials_are_no_sessions)
{
    auto const bot = request_of(operation::raw, "Bot flx_one");
    learn_of(bot, answer_with(first_token));
    BOOST_TEST(memory.size() == 0U);
    BOOST_TEST(sends("", bot));
}

BOOST_AUTO_TEST_CASE(it_is_kept_for_four_and_a_half_minutes_from_the_requests_start)
{
    learn(answer_with(first_token));
    now += 4min + 30s - 1ms;
    BOOST_TEST(sends(first_token, end_sessions));
    now += 1ms;
    BOOST_TEST(sends("", end_sessions));
    BOOST_TEST(memory.size() == 0U);
}

BOOST_AUTO_TEST_CASE(one_that_is_sent_back_is_not_extended)
{
    learn(answer_with(first_token));
    now += 4min;
    learn(answer_with(first_token), call_options().with_sudo_token(first_token));
    learn(answer_with(first_token));
    now += 30s;
    BOOST_TEST(sends("", end_sessions));
    // Nor is one remembered whose age only the caller knows.
    learn(answer_with(second_token), call_options().with_sudo_token(second_token));
    learn(answer_with(second_token), call_options().with_header("x-fluxer-sudo-mode-jwt", second_token));
    BOOST_TEST(memory.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_new_one_takes_the_place_of_the_old)
{
    learn(answer_with(first_token));
    now += 4min;
    learn(answer_with(second_token));
    now += 4min;
    BOOST_TEST(sends(second_token, end_sessions));
    BOOST_TEST(memory.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_callers_own_token_comes_first)
{
    learn(answer_with(first_token));
    BOOST_TEST(sends("", end_sessions, call_options().with_sudo_token(second_token)));
    BOOST_TEST(sends("", end_sessions, call_options().with_header("x-fluxer-sudo-mode-jwt", second_token)));
}

BOOST_AUTO_TEST_CASE(a_refusal_drops_the_token_that_was_sent)
{
    learn(answer_with(first_token));
    auto const with_it = call_options().with_sudo_token(first_token);
    learn(refusal("ACCESS_DENIED"), with_it);
    BOOST_TEST(sends(first_token, end_sessions));
    // One that began before the token was there.
    learn(refusal());
    BOOST_TEST(sends(first_token, end_sessions));
    learn(refusal(), with_it);
    BOOST_TEST(sends("", end_sessions));
    BOOST_TEST(memory.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_logout_drops_it)
{
    auto const logout = request_of(operation::logout_user);
    learn(answer_with(first_token));
    learn_of(request_of(operation::logout_user, "flx_two"), answer_with(""));
    learn_of(logout, answer_with("", 500));
    BOOST_TEST(sends(first_token, end_sessions));
    learn_of(logout, answer_with(""));
    BOOST_TEST(memory.size() == 0U);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_session_drops_it_whoever_ends_it)
{
    auto ending = request_of(operation::logout_all_sessions, "flx_two");
    learn(answer_with(first_token));
    ending.ends_sessions = {session_id_hash(secret("flx_three"))};
    learn_of(ending, answer_with(""));
    BOOST_TEST(memory.size() == 1U);
    ending.ends_sessions.push_back(session_id_hash(secret("flx_one")));
    learn_of(ending, answer_with("", 400));
    BOOST_TEST(memory.size() == 1U);
    learn_of(ending, answer_with(""));
    BOOST_TEST(memory.size() == 0U);
    // One that the very answer brings is of no use.
    auto ending_itself = request_of(operation::logout_all_sessions);
    ending_itself.ends_sessions = {session_id_hash(secret("flx_one"))};
    learn_of(ending_itself, answer_with(first_token));
    BOOST_TEST(memory.size() == 0U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_sent_is_not_kept)
{
    learn(answer_with(std::string(call::sudo_memory::longest_token + 1, 'x')));
    learn(answer_with("a\x7f"));
    BOOST_TEST(memory.size() == 0U);
    learn(answer_with(std::string(call::sudo_memory::longest_token, 'x')));
    BOOST_TEST(memory.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_number_of_sessions_is_bounded)
{
    for (std::size_t count = 0; count <= call::sudo_memory::most_sessions; ++count)
        learn_of(
            request_of(operation::raw, "flx_" + std::to_string(count)),
            answer_with("token-" + std::to_string(count)));
    BOOST_TEST(memory.size() == call::sudo_memory::most_sessions);
    BOOST_TEST(sends("", request_of(operation::raw, "flx_0")));
    BOOST_TEST(sends("token-1", request_of(operation::raw, "flx_1")));
    now += 5min;
    BOOST_TEST(sends("", request_of(operation::raw, "flx_1")));
    BOOST_TEST(memory.size() == 0U);
}

BOOST_AUTO_TEST_CASE(it_can_be_turned_off)
{
    settings.remember_sudo = false;
    call::sudo_memory off(settings);
    off.learn(end_sessions, {}, answer_with(first_token), nullptr, now);
    BOOST_TEST(off.size() == 0U);
    // The user's own header for all requests does the same.
    settings.remember_sudo = true;
    settings.headers.emplace_back("x-fluxer-sudo-mode-jwt", second_token);
    call::sudo_memory replaced(settings);
    replaced.learn(end_sessions, {}, answer_with(first_token), nullptr, now);
    BOOST_TEST(replaced.size() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
