#include "generations.hpp"

#include "support/passkey.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

// end_all_sessions and its helpers against the sandbox.

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace utf = boost::unit_test;

class sudo_fixture : public generation_fixture
{
public:
    sudo_fixture()
        : token(add_session())
    {}

    void add_sessions(int count)
    {
        for (int i = 0; i < count; ++i)
            add_session();
    }

    std::size_t sessions() const { return server.sessions_of(email).size(); }

    bool own_is_left() const { return server.is_session(token.reveal()); }

    /// A handler that gives one proof after the other, and then gives up.
    sudo_handler giving(std::vector<sudo_proof> proofs)
    {
        return [this, proofs](sudo_question question) -> asio::awaitable<std::optional<sudo_proof>> {
            questions.push_back(question);
            if (questions.size() > proofs.size())
                co_return std::nullopt;
            co_return proofs[questions.size() - 1];
        };
    }

    /// Of the test's own, since the cases of a suite share the sandbox.
    std::uint64_t logouts() const { return requests_of(operation::logout_all_sessions) - logouts_before_; }

    secret code() const { return secret(server.totp_code(email)); }

    secret token;
    std::vector<sudo_question> questions;

private:
    std::uint64_t logouts_before_ = server.counters().requests_by_operation["logout_all_sessions"];
};

BOOST_FIXTURE_TEST_SUITE(sudo, sudo_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE_F(sudo_fixture, a_password_goes_with_each_block, generations, generation)
{
    play(generation);
    add_sessions(250);
    auto const outcome = run(end_all_sessions(api, token, giving({sudo_proof::password(password)})));
    BOOST_TEST(!outcome.error.has_value());
    BOOST_TEST(outcome.ended == 250U);
    BOOST_TEST(!outcome.own_ended);
    BOOST_TEST(sessions() == 1U);
    BOOST_TEST(own_is_left());
    BOOST_TEST(logouts() == 4U); // the first without a proof
    BOOST_REQUIRE(questions.size() == 1U);
    BOOST_TEST(!questions[0].has_mfa);
    BOOST_TEST(!questions[0].methods.has_value());
}

BOOST_DATA_TEST_CASE_F(sudo_fixture, the_own_session_ends_last, generations, generation)
{
    play(generation);
    add_sessions(250);
    auto const outcome = run(end_all_sessions(
        api, token, sudo_proof::password(password), end_sessions_options().with_keep_own(false)));
    BOOST_TEST(!outcome.error.has_value());
    BOOST_TEST(outcome.ended == 251U);
    BOOST_TEST(outcome.own_ended);
    BOOST_TEST(sessions() == 0U);
    BOOST_TEST(logouts() == 3U);
}

BOOST_DATA_TEST_CASE_F(sudo_fixture, one_totp_code_is_enough, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    add_sessions(250);
    auto const outcome = run(end_all_sessions(
        api, token, giving({sudo_proof::totp(code())}), end_sessions_options().with_keep_own(false)));
    BOOST_TEST(!outcome.error.has_value());
    BOOST_TEST(outcome.ended == 251U);
    BOOST_TEST(sessions() == 0U);
    BOOST_TEST(logouts() == 4U);
    BOOST_REQUIRE(questions.size() == 1U);
    BOOST_REQUIRE(questions[0].methods.has_value());
    BOOST_TEST(questions[0].methods->totp);
    BOOST_TEST(questions[0].methods->has_mfa);
    BOOST_TEST(!questions[0].methods->webauthn);
}

BOOST_DATA_TEST_CASE_F(sudo_fixture, one_sms_code_is_enough, generations, generation)
{
    play(generation);
    server.enable_sms(email, "+15550001234");
    add_sessions(150);
    sudo_handler const handler =
        [this](sudo_question question) -> asio::awaitable<std::optional<sudo_proof>> {
        questions.push_back(question);
        auto const sent = co_await send_sudo_sms_code(api, token);
        good(sent);
        co_return sudo_proof::sms(server.last_sms(email).value());
    };
    auto const outcome = run(end_all_sessions(api, token, handler));
    BOOST_TEST(!outcome.error.has_value());
    BOOST_TEST(outcome.ended == 150U);
    BOOST_TEST(sessions() == 1U);
    BOOST_REQUIRE(questions.size() == 1U);
    BOOST_REQUIRE(questions[0].methods.has_value());
    BOOST_TEST(questions[0].methods->sms == !newer);
}

BOOST_DATA_TEST_CASE_F(sudo_fixture, one_passkey_is_enough, generations, generation)
{
    play(generation);
    passkey const key;
    server.add_passkey(email, key.credential_id(), key.public_key());
    add_sessions(150);
    sudo_handler const handler = [&](sudo_question question) -> asio::awaitable<std::optional<sudo_proof>> {
        questions.push_back(question);
        auto const asked = co_await get_sudo_webauthn_options(api, token);
        if (!asked)
            co_return std::nullopt;
        std::string const challenge(asked->as_object().at("challenge").as_string());
        co_return sudo_proof::passkey(key.sign(challenge), challenge);
    };
    auto const outcome = run(end_all_sessions(api, token, handler));
    BOOST_TEST(!outcome.error.has_value());
    BOOST_TEST(outcome.ended == 150U);
    BOOST_TEST(sessions() == 1U);
    BOOST_REQUIRE(questions.size() == 1U);
    BOOST_REQUIRE(questions[0].methods.has_value());
    BOOST_TEST(questions[0].methods->webauthn);
}

BOOST_DATA_TEST_CASE_F(sudo_fixture, a_remembered_token_spares_the_question, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    add_sessions(3);
    logout_auth_sessions_request prove{std::vector<std::string>()};
    sudo_proof::totp(code()).add_to(prove);
    ok(api.logout_all_sessions(token, prove));
    // The code that is spent goes along and is not looked at.
    ok(api.logout_all_sessions(token, prove));
    auto const outcome = run(end_all_sessions(api, token, giving({})));
    BOOST_TEST(!outcome.error.has_value());
    BOOST_TEST(outcome.ended == 3U);
    BOOST_TEST(questions.empty());
    BOOST_TEST(logouts() == 3U);
}

BOOST_DATA_TEST_CASE_F(
    sudo_fixture, a_token_that_the_server_takes_no_more_is_replaced, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    ok(api.logout_all_sessions(
        token, logout_auth_sessions_request(std::vector<std::string>()).with_mfa_code("totp", code())));
    server.advance_clock(5min);
    add_sessions(120);
    auto const outcome = run(end_all_sessions(api, token, giving({sudo_proof::totp(code())})));
    BOOST_TEST(!outcome.error.has_value());
    BOOST_TEST(outcome.ended == 120U);
    BOOST_TEST(questions.size() == 1U);
}

BOOST_DATA_TEST_CASE_F(sudo_fixture, a_wrong_code_is_asked_for_again, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    add_sessions(2);
    auto const outcome =
        run(end_all_sessions(api, token, giving({sudo_proof::totp("hello"), sudo_proof::totp(code())})));
    BOOST_TEST(!outcome.error.has_value());
    BOOST_TEST(outcome.ended == 2U);
    BOOST_REQUIRE(questions.size() == 2U);
    BOOST_TEST(questions[1].last_was_wrong);
    check_rejection(
        questions[1].last_error, operation::logout_all_sessions, {{"mfa_code", "INVALID_MFA_CODE"}});
}

BOOST_DATA_TEST_CASE_F(sudo_fixture, a_password_is_no_proof_for_an_account_with_mfa, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    add_sessions(2);
    auto const outcome =
        run(end_all_sessions(api, token, giving({sudo_proof::password(password), sudo_proof::totp(code())})));
    BOOST_TEST(!outcome.error.has_value());
    BOOST_REQUIRE(questions.size() == 2U);
    BOOST_TEST(questions[1].has_mfa);
    BOOST_TEST((questions[1].last_error.code() == errc::sudo_required));
}

BOOST_DATA_TEST_CASE_F(sudo_fixture, wrong_passwords_are_bounded, generations, generation)
{
    play(generation);
    add_sessions(2);
    auto const wrong = sudo_proof::password(other_password);
    auto const outcome = run(end_all_sessions(api, token, giving({wrong, wrong, wrong, wrong})));
    BOOST_TEST(questions.size() == 3U);
    BOOST_TEST(logouts() == 4U);
    BOOST_REQUIRE(outcome.error.has_value());
    check_rejection(*outcome.error, operation::logout_all_sessions, {{"password", "INVALID_PASSWORD"}});
    BOOST_TEST(outcome.ended == 0U);
    BOOST_TEST(outcome.left == 2U);
    BOOST_TEST(sessions() == 3U);
}

BOOST_DATA_TEST_CASE_F(sudo_fixture, a_handler_may_give_up, generations, generation)
{
    play(generation);
    add_sessions(2);
    auto const outcome = run(end_all_sessions(api, token, giving({})));
    BOOST_REQUIRE(outcome.error.has_value());
    check_failure(
        *outcome.error, operation::logout_all_sessions,
        {errc::sudo_required, 403, api_code::sudo_mode_required, "SUDO_MODE_REQUIRED"});
    BOOST_TEST(sessions() == 3U);
}

BOOST_DATA_TEST_CASE_F(
    sudo_fixture, an_unclaimed_account_needs_no_proof_even_with_one, generations, generation)
{
    play(generation);
    auto const made = session_in(ok(api.register_account({"1990-01-31", true})));
    auto const outcome = run(end_all_sessions(
        api, made.token, sudo_proof::password(password), end_sessions_options().with_keep_own(false)));
    BOOST_TEST(!outcome.error.has_value());
    BOOST_TEST(outcome.ended == 1U);
    BOOST_TEST(!server.is_session(made.token.reveal()));
}

BOOST_DATA_TEST_CASE_F(sudo_fixture, nothing_to_end_is_no_error, generations, generation)
{
    play(generation);
    auto const outcome = run(end_all_sessions(api, token, giving({})));
    BOOST_TEST(!outcome.error.has_value());
    BOOST_TEST(outcome.ended == 0U);
    BOOST_TEST(logouts() == 0U);
}

BOOST_DATA_TEST_CASE_F(sudo_fixture, a_failure_half_way_tells_how_far_it_came, generations, generation)
{
    play(generation);
    server.enable_totp(email);
    add_sessions(150);
    auto chosen = options().with_remember_sudo(false);
    auto forgetful = make_client(std::move(chosen));
    auto const outcome = run(end_all_sessions(forgetful, token, giving({sudo_proof::totp(code())})));
    BOOST_REQUIRE(outcome.error.has_value());
    BOOST_TEST((outcome.error->code() == errc::sudo_required));
    BOOST_TEST(outcome.ended == 100U);
    BOOST_TEST(outcome.left == 50U);
    BOOST_TEST(sessions() == 51U);
    BOOST_TEST(questions.size() == 2U);
    BOOST_TEST(questions.back().round == 1U);
}

BOOST_DATA_TEST_CASE_F(sudo_fixture, an_unknown_session_ends_nothing, generations, generation)
{
    play(generation);
    auto const outcome = run(end_all_sessions(api, secret("flx_unknown"), giving({})));
    BOOST_REQUIRE(outcome.error.has_value());
    BOOST_TEST((outcome.error->code() == errc::unauthorized));
    BOOST_TEST(questions.empty());
    BOOST_TEST(logouts() == 0U);
}

// The answer to the block that holds the own session gets lost, and so the second attempt finds no session.
BOOST_DATA_TEST_CASE_F(sudo_fixture, a_lost_answer_to_the_last_block_is_no_failure, generations, generation)
{
    play(generation);
    add_sessions(2);
    server.set_fault("logout_all_sessions", sandbox_fault(sandbox_fault_kind::reset_after));
    auto const outcome = run(end_all_sessions(
        api, token, sudo_proof::password(password), end_sessions_options().with_keep_own(false)));
    BOOST_TEST(!outcome.error.has_value());
    BOOST_TEST(outcome.own_ended);
    BOOST_TEST(outcome.ended == 3U);
    BOOST_TEST(sessions() == 0U);
    BOOST_TEST(logouts() == 2U);
}

BOOST_DATA_TEST_CASE_F(sudo_fixture, the_helpers_tell_what_the_server_does, generations, generation)
{
    play(generation);
    auto const none = ok(get_sudo_methods(api, token));
    BOOST_TEST(!none.has_mfa);
    BOOST_TEST(!none.totp);
    auto const no_sms = fails(send_sudo_sms_code(api, token));
    BOOST_TEST((no_sms.code() == errc::rejected));
    BOOST_TEST((no_sms.api_code() == api_code::sms_mfa_not_enabled));
    BOOST_TEST(no_sms.http_status() == 400);
    auto const no_passkey = fails(get_sudo_webauthn_options(api, token));
    BOOST_TEST((no_passkey.api_code() == api_code::no_passkeys_registered));
    auto const unknown = fails(get_sudo_methods(api, secret("flx_unknown")));
    BOOST_TEST((unknown.code() == errc::unauthorized));
    BOOST_TEST(unknown.to_string().find("flx_unknown") == std::string::npos);
    BOOST_TEST(unknown.remote_endpoint().starts_with("127.0.0.1:"));
}

BOOST_DATA_TEST_CASE_F(sudo_fixture, a_helpers_answer_is_read_strictly, generations, generation)
{
    play(generation);
    sandbox_fault fault(sandbox_fault_kind::answer);
    fault.status = 200;
    for (auto const* body :
         {R"({"totp":1,"sms":false,"webauthn":false,"has_mfa":false})", R"({"totp":true})", "[]", "no"}) {
        fault.body = body;
        server.set_fault("*", fault);
        auto const e = fails(get_sudo_methods(api, token));
        BOOST_TEST((e.code() == errc::unexpected_answer));
        BOOST_TEST((e.phase() == phase::decode));
        BOOST_TEST(e.request_was_sent());
    }
    fault.body = R"({"totp":true,"webauthn":false,"has_mfa":true,"more":1})";
    server.set_fault("*", fault);
    auto const read = ok(get_sudo_methods(api, token));
    BOOST_TEST(read.totp);
    BOOST_TEST(!read.sms);
    fault.body = R"({"rpId":"x"})";
    server.set_fault("*", fault);
    BOOST_TEST((fails(get_sudo_webauthn_options(api, token)).code() == errc::unexpected_answer));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
