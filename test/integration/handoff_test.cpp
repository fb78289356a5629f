#include "generations.hpp"

namespace fluxer::auth {

namespace {

using namespace test;
using namespace std::chrono_literals;
namespace utf = boost::unit_test;

class handoff_fixture : public generation_fixture
{
public:
    handoff_fixture()
        : token(add_session())
    {}

    handoff_state state_of(handoff_reference const& which)
    {
        auto const now = ok(api.get_handoff_status(which));
        BOOST_TEST(now.session.has_value() == (now.state == handoff_state::completed));
        return now.state;
    }

    secret const token;
};

BOOST_FIXTURE_TEST_SUITE(handoffs, handoff_fixture, *utf::fixture<suite_sandbox>())

BOOST_DATA_TEST_CASE_F(handoff_fixture, moves_a_login_to_another_device, generations, generation)
{
    play(generation);
    auto const begun = ok(api.initiate_handoff());
    BOOST_TEST(begun.code.size() == 9U);
    BOOST_TEST(begun.code.reveal().substr(4, 1) == "-");
    BOOST_TEST((normalize_handoff_code(begun.code.reveal()) == begun.code));
    BOOST_TEST((begun.expires_at > server.now() + 4min));
    BOOST_TEST((begun.expires_at <= server.now() + 5min));
    BOOST_TEST(begun.poll_secret.has_value() == newer);
    BOOST_TEST(begun.return_method.has_value() == newer);
    BOOST_TEST((std::chrono::steady_clock::now() - begun.received_at < guard));

    auto const before = ok(api.get_handoff_status(begun));
    BOOST_TEST((before.state == handoff_state::pending));
    BOOST_TEST(before.status == "pending");
    BOOST_TEST(!before.session.has_value());

    ok(api.complete_handoff({begun.code, token, user_id}));
    auto const after = ok(api.get_handoff_status(begun));
    BOOST_TEST((after.state == handoff_state::completed));
    BOOST_TEST(after.status == "completed");
    BOOST_REQUIRE(after.session.has_value());
    BOOST_TEST(looks_like_session_token(after.session->token));
    BOOST_TEST(after.session->user_id == user_id);
    BOOST_TEST(server.is_session(after.session->token.reveal()));
    BOOST_TEST(!(after.session->token == token));
    // Delivered once.
    auto const gone = ok(api.get_handoff_status(begun));
    BOOST_TEST((gone.state == handoff_state::expired));
    BOOST_TEST(gone.status == "expired");
    BOOST_TEST(!gone.session.has_value());
}

BOOST_DATA_TEST_CASE_F(handoff_fixture, a_code_may_be_typed_in_any_way, generations, generation)
{
    play(generation);
    auto const begun = ok(api.initiate_handoff());
    std::string typed(begun.code.reveal());
    for (char& c : typed)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    typed.erase(4, 1);
    typed.insert(2, " ");
    BOOST_TEST((state_of(typed) == handoff_state::pending));
    ok(api.complete_handoff({typed, token, user_id}));
    BOOST_TEST((state_of(begun) == handoff_state::completed));
}

BOOST_DATA_TEST_CASE_F(handoff_fixture, a_handoff_is_completed_once, generations, generation)
{
    play(generation);
    auto const begun = ok(api.initiate_handoff());
    ok(api.complete_handoff({begun.code, token, user_id}));
    check_failure(
        fails(api.complete_handoff({begun.code, token, user_id})), operation::complete_handoff,
        bad_handoff_code);
}

BOOST_DATA_TEST_CASE_F(handoff_fixture, a_wrong_code_leaves_a_session_behind, generations, generation)
{
    play(generation);
    auto const before = server.sessions_of(email).size();
    check_failure(
        fails(api.complete_handoff({"ABCD-EFGH", token, user_id})), operation::complete_handoff,
        bad_handoff_code);
    check_failure(
        fails(api.complete_handoff({"nonsense!", token, user_id})), operation::complete_handoff,
        bad_handoff_code);
    BOOST_TEST(server.sessions_of(email).size() == before + 2);
}

BOOST_DATA_TEST_CASE_F(handoff_fixture, token_and_user_have_to_fit, generations, generation)
{
    play(generation);
    auto const begun = ok(api.initiate_handoff());
    check_failure(
        fails(api.complete_handoff({begun.code, "flx_unknown", user_id})), operation::complete_handoff,
        {errc::unauthorized, 401, api_code::invalid_token, "INVALID_TOKEN"});
    check_failure(
        fails(api.complete_handoff({begun.code, token, snowflake(std::uint64_t(1))})),
        operation::complete_handoff,
        {errc::rejected, 400, api_code::session_token_mismatch, "SESSION_TOKEN_MISMATCH"});
    BOOST_TEST((state_of(begun) == handoff_state::pending));
}

BOOST_DATA_TEST_CASE_F(handoff_fixture, a_handoff_lives_five_minutes, generations, generation)
{
    play(generation);
    auto const begun = ok(api.initiate_handoff());
    server.advance_clock(5min);
    BOOST_TEST((state_of(begun) == handoff_state::expired));
    check_failure(
        fails(api.complete_handoff({begun.code, token, user_id})), operation::complete_handoff,
        bad_handoff_code);
    auto const unfetched = ok(api.initiate_handoff());
    ok(api.complete_handoff({unfetched.code, token, user_id}));
    server.advance_clock(5min);
    BOOST_TEST((state_of(unfetched) == handoff_state::expired));
}

BOOST_DATA_TEST_CASE_F(handoff_fixture, a_cancelled_handoff_has_ended, generations, generation)
{
    play(generation);
    auto const begun = ok(api.initiate_handoff());
    ok(api.cancel_handoff(begun));
    BOOST_TEST((state_of(begun) == handoff_state::expired));
    check_failure(
        fails(api.complete_handoff({begun.code, token, user_id})), operation::complete_handoff,
        bad_handoff_code);
    // Nobody is told whether there was one.
    ok(api.cancel_handoff(begun));
    ok(api.cancel_handoff("ABCD-EFGH"));
}

BOOST_DATA_TEST_CASE_F(handoff_fixture, codes_have_a_shape, generations, generation)
{
    play(generation);
    BOOST_TEST((state_of("ABCDEFGH") == handoff_state::expired));
    for (auto const* code : {"ABC", "ABCD-EFG0", "a/b", "a?b#c%", "\xC3\xA4\xC3\xA4"}) {
        check_failure(fails(api.get_handoff_status(code)), operation::get_handoff_status, bad_handoff_code);
        check_failure(fails(api.cancel_handoff(code)), operation::cancel_handoff, bad_handoff_code);
    }
}

BOOST_DATA_TEST_CASE_F(handoff_fixture, what_breaks_a_rule_is_not_sent, generations, generation)
{
    play(generation);
    refused(api.get_handoff_status(""), operation::get_handoff_status, {{"code", "INVALID_FORMAT"}});
    refused(api.get_handoff_status("  "), operation::get_handoff_status, {{"code", "STRING_LENGTH_INVALID"}});
    refused(api.get_handoff_status(".."), operation::get_handoff_status, {{"code", "INVALID_FORMAT"}});
    refused(api.cancel_handoff("."), operation::cancel_handoff, {{"code", "INVALID_FORMAT"}});
    refused(
        api.cancel_handoff(std::string(257, 'A')), operation::cancel_handoff,
        {{"code", "STRING_LENGTH_INVALID"}});
    refused(
        api.complete_handoff({"", "", ""}), operation::complete_handoff,
        {{"code", "INVALID_FORMAT"}, {"token", "INVALID_FORMAT"}, {"user_id", "INVALID_FORMAT"}});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace fluxer::auth
