// end_all_sessions, as the server sees it, and what ends it early; without any socket.
#include "limits/cancellation_bits.hpp"
#include "limits/sudo_support.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <fluxer/auth/helpers.hpp>
#include <fluxer/auth/sudo.hpp>

#include <array>
#include <stdexcept>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

/// A server with 250 sessions beside the own one, which wants TOTP code 123456; one answer may be withheld.
struct ending_fixture : sudo_fixture
{
    ending_fixture()
    {
        answer = [this](transport_request const& request) { return respond(request); };
    }

    std::optional<raw_response> respond(transport_request const& request)
    {
        auto const target = std::string(request.target.reveal());
        if (target == withhold)
            return std::nullopt;
        if (target == "/v1/auth/sessions")
            return made(200, list());
        if (target == "/v1/users/@me/sudo/mfa-methods")
            return made(200, R"({"totp":true,"sms":false,"webauthn":false,"has_mfa":true})");
        if (request.header_value(sudo_header) == jwt)
            return with_jwt(made(204));
        auto const body = request.body.reveal();
        if (body.find("mfa_code") == std::string_view::npos)
            return sudo_wanted();
        if (body.find("123456") == std::string_view::npos)
            return made(
                400,
                R"({"code":"INVALID_FORM_BODY","message":"m","errors":[{"path":"mfa_code","message":"m","code":"INVALID_MFA_CODE"}]})");
        return with_jwt(made(204));
    }

    static std::string list()
    {
        std::string text = R"([{"id_hash":")" + session_id_hash(secret(session_token)) + "\"}";
        for (int count = 0; count < 250; ++count)
            text += R"(,{"id_hash":"hash-)" + std::to_string(count) + "\"}";
        return text + "]";
    }

    /// How many hashes each block had.
    std::vector<std::size_t> blocks() const
    {
        std::vector<std::size_t> sizes;
        for (auto const& request : seen) {
            if (request.target.reveal() != "/v1/auth/sessions/logout")
                continue;
            auto const body = request.body.reveal();
            std::size_t size = body.find(session_id_hash(secret(session_token))) != body.npos ? 1 : 0;
            for (auto at = body.find("hash-"); at != body.npos; at = body.find("hash-", at + 1))
                ++size;
            sizes.push_back(size);
        }
        return sizes;
    }

    sudo_handler giving(std::vector<std::string> codes)
    {
        return [this, codes](sudo_question question) -> asio::awaitable<std::optional<sudo_proof>> {
            questions.push_back(question);
            if (questions.size() > codes.size())
                co_return std::nullopt;
            co_return sudo_proof::totp(codes[questions.size() - 1]);
        };
    }

    end_sessions_outcome end_all(client used, sudo_handler handler, end_sessions_options options = {})
    {
        return run(
            context, end_all_sessions(used, secret(session_token), std::move(handler), std::move(options)));
    }

    std::string withhold;
    std::vector<sudo_question> questions;
};

using sizes = std::vector<std::size_t>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(ending_all_sessions, ending_fixture)

BOOST_AUTO_TEST_CASE(one_proof_is_enough_for_all_blocks)
{
    auto const outcome = end_all(make(false), giving({"123456"}));
    BOOST_TEST(!outcome.error.has_value());
    BOOST_TEST(outcome.ended == 250U);
    BOOST_TEST(outcome.left == 0U);
    BOOST_TEST(!outcome.own_ended);
    BOOST_TEST((blocks() == sizes{100, 100, 100, 50})); // the first twice
    BOOST_REQUIRE(questions.size() == 1U);
    BOOST_TEST(questions[0].has_mfa);
    BOOST_TEST(!questions[0].last_was_wrong);
    BOOST_TEST(questions[0].round == 1U);
    BOOST_REQUIRE(questions[0].methods.has_value());
    BOOST_TEST(questions[0].methods->totp);
    BOOST_TEST(!questions[0].methods->sms);
    BOOST_TEST((questions[0].last_error.code() == errc::sudo_required));
}

BOOST_AUTO_TEST_CASE(without_memory_each_block_needs_a_proof)
{
    auto const outcome = end_all(make(false, false), giving({"123456", "123456", "123456"}));
    BOOST_TEST(!outcome.error.has_value());
    BOOST_TEST(outcome.ended == 250U);
    BOOST_TEST(questions.size() == 3U);
    BOOST_TEST(questions.back().round == 1U);
}

BOOST_AUTO_TEST_CASE(the_own_session_is_the_last)
{
    auto const outcome =
        end_all(make(false), giving({"123456"}), end_sessions_options().with_keep_own(false));
    BOOST_TEST(outcome.ended == 251U);
    BOOST_TEST(outcome.own_ended);
    BOOST_TEST((blocks() == sizes{100, 100, 100, 51}));
    auto const body = seen.back().body.reveal();
    auto const own = body.find(session_id_hash(secret(session_token)));
    BOOST_REQUIRE(own != body.npos);
    BOOST_TEST(body.rfind("hash-") < own);
}

BOOST_AUTO_TEST_CASE(a_wrong_proof_is_asked_for_again_within_bounds)
{
    auto const good = end_all(make(false), giving({"000000", "123456"}));
    BOOST_TEST(good.ended == 250U);
    BOOST_REQUIRE(questions.size() == 2U);
    BOOST_TEST(questions[1].last_was_wrong);
    BOOST_TEST(questions[1].has_mfa);
    BOOST_TEST(questions[1].round == 2U);
    questions.clear();
    auto const bad = end_all(
        make(false), giving({"000000", "000000", "000000"}), end_sessions_options().with_max_rounds(2));
    BOOST_TEST(questions.size() == 2U);
    BOOST_TEST(bad.ended == 0U);
    BOOST_TEST(bad.left == 250U);
    BOOST_REQUIRE(bad.error.has_value());
    BOOST_TEST((bad.error->code() == errc::rejected_input));
    BOOST_TEST(bad.error->to_string().find("000000") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_before_it_is_sent_is_asked_for_again)
{
    auto const outcome = end_all(make(false), giving({std::string(33, '1'), "123456"}));
    BOOST_TEST(!outcome.error.has_value());
    BOOST_TEST(questions.size() == 2U);
    BOOST_TEST((blocks() == sizes{100, 100, 100, 50}));
}

BOOST_AUTO_TEST_CASE(a_handler_may_give_up_or_throw_or_be_absent)
{
    auto const given_up = end_all(make(false), giving({}));
    BOOST_REQUIRE(given_up.error.has_value());
    BOOST_TEST((given_up.error->code() == errc::sudo_required));
    BOOST_TEST(questions.size() == 1U);
    auto const nobody = end_all(make(false), sudo_handler());
    BOOST_REQUIRE(nobody.error.has_value());
    BOOST_TEST((nobody.error->code() == errc::sudo_required));
    sudo_handler const throwing = [](sudo_question) -> asio::awaitable<std::optional<sudo_proof>> {
        throw std::runtime_error("the handler's own");
        co_return std::nullopt;
    };
    BOOST_CHECK_THROW(end_all(make(false), throwing), std::runtime_error);
    BOOST_CHECK_THROW(
        end_all(make(false), throwing, end_sessions_options().with_timeout(1h)), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_proof_at_hand_is_not_asked_for)
{
    auto const good = run(context, end_all_sessions(make(false), session_token, sudo_proof::totp("123456")));
    BOOST_TEST(!good.error.has_value());
    BOOST_TEST((blocks() == sizes{100, 100, 50}));
    seen.clear();
    auto const bad = run(context, end_all_sessions(make(false), session_token, sudo_proof::totp("000000")));
    BOOST_REQUIRE(bad.error.has_value());
    BOOST_TEST((bad.error->code() == errc::rejected_input));
    BOOST_TEST((blocks() == sizes{100}));
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_refused_before_anything_is_sent)
{
    for (auto const& options :
         {end_sessions_options().with_max_rounds(0), end_sessions_options().with_max_rounds(11),
          end_sessions_options().with_timeout(0ms), end_sessions_options().with_timeout(25h)}) {
        auto const outcome = end_all(make(false), giving({}), options);
        BOOST_REQUIRE(outcome.error.has_value());
        BOOST_TEST((outcome.error->code() == errc::invalid_option));
    }
    BOOST_TEST(seen.empty());
}

BOOST_DATA_TEST_CASE(
    a_cancelled_request_ends_the_flow, cancellation_bits* boost::unit_test::data::make({0, 1, 2}), bits,
    place)
{
    std::array<char const*, 3> const targets{
        "/v1/auth/sessions", "/v1/auth/sessions/logout", "/v1/users/@me/sudo/mfa-methods"};
    withhold = targets.at(static_cast<std::size_t>(place));
    auto used = make(false);
    pending<end_sessions_outcome> flow(context, end_all_sessions(used, session_token, giving({"123456"})));
    run_until(context, [&] { return !withheld.empty(); });
    BOOST_TEST(!flow.done());
    flow.cancel(type_of(bits));
    auto const outcome = flow.get(context);
    BOOST_REQUIRE(outcome.error.has_value());
    BOOST_TEST((outcome.error->code() == errc::cancelled));
    BOOST_TEST(outcome.ended == 0U);
    BOOST_TEST(questions.empty());
    BOOST_TEST(flow.ends() == 1);
    BOOST_TEST(at_rest(used));
}

BOOST_DATA_TEST_CASE(
    a_cancellation_reaches_the_handler, cancellation_bits* boost::unit_test::data::make({false, true}), bits,
    limited)
{
    auto waiting = false;
    auto reached = false;
    asio::steady_timer timer(context, 1h);
    sudo_handler const handler = [&](sudo_question) -> asio::awaitable<std::optional<sudo_proof>> {
        waiting = true;
        try {
            co_await timer.async_wait(asio::use_awaitable);
        } catch (boost::system::system_error const&) {
            reached = true;
            throw;
        }
        co_return std::nullopt;
    };
    end_sessions_options options;
    if (limited)
        options.timeout = 1h;
    auto used = make(false);
    pending<end_sessions_outcome> flow(context, end_all_sessions(used, session_token, handler, options));
    run_until(context, [&] { return waiting; });
    flow.cancel(type_of(bits));
    auto const outcome = flow.get(context);
    BOOST_TEST(reached);
    BOOST_REQUIRE(outcome.error.has_value());
    BOOST_TEST((outcome.error->code() == errc::cancelled));
    BOOST_TEST(outcome.left == 250U);
    BOOST_TEST(at_rest(used));
}

// As in any coroutine of Asio, where the next await throws: also in one that looks at no error codes.
BOOST_DATA_TEST_CASE(
    a_handler_that_waits_in_a_loop_is_ended_too, boost::unit_test::data::make({false, true}), cancelled)
{
    auto waits = 0;
    sudo_handler const handler = [&](sudo_question) -> asio::awaitable<std::optional<sudo_proof>> {
        asio::steady_timer timer(context);
        for (boost::system::error_code ignored; ++waits < 1'000;) {
            timer.expires_after(10ms);
            co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        co_return std::nullopt;
    };
    end_sessions_options options;
    if (!cancelled)
        options.timeout = 3s;
    auto used = make(false);
    pending<end_sessions_outcome> flow(context, end_all_sessions(used, session_token, handler, options));
    run_until(context, [&] { return waits > 2; });
    if (cancelled)
        flow.cancel(asio::cancellation_type::terminal);
    auto const outcome = flow.get(context);
    BOOST_TEST(waits < 1'000);
    BOOST_REQUIRE(outcome.error.has_value());
    BOOST_TEST((outcome.error->code() == (cancelled ? errc::cancelled : errc::timed_out)));
    BOOST_TEST(at_rest(used));
}

BOOST_AUTO_TEST_CASE(the_times_end_reaches_the_handler)
{
    auto reached = false;
    asio::steady_timer timer(context, 1h);
    sudo_handler const handler = [&](sudo_question) -> asio::awaitable<std::optional<sudo_proof>> {
        try {
            co_await timer.async_wait(asio::use_awaitable);
        } catch (boost::system::system_error const&) {
            reached = true;
        }
        co_return sudo_proof::totp("123456");
    };
    auto const outcome = end_all(make(false), handler, end_sessions_options().with_timeout(500ms));
    BOOST_TEST(reached);
    BOOST_REQUIRE(outcome.error.has_value());
    BOOST_TEST((outcome.error->code() == errc::timed_out));
    BOOST_TEST((outcome.error->limit() == 500ms));
    BOOST_TEST((blocks() == sizes{100})); // a proof that comes too late is not sent
}

BOOST_AUTO_TEST_CASE(the_times_end_ends_a_request)
{
    withhold = "/v1/auth/sessions/logout";
    auto const outcome = end_all(make(false), giving({"123456"}), end_sessions_options().with_timeout(200ms));
    BOOST_REQUIRE(outcome.error.has_value());
    BOOST_TEST((outcome.error->code() == errc::timed_out));
    BOOST_TEST(questions.empty());
}

BOOST_AUTO_TEST_SUITE_END()
