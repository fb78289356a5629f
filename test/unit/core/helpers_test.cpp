#include <fluxer/auth/helpers.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace auth = fluxer::auth;

namespace {

std::string totp_at(long seconds, std::string_view key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
{
    auto const code = auth::totp_code(
        auth::secret(key), std::chrono::system_clock::time_point(std::chrono::seconds(seconds)));
    return code ? std::string(code->reveal()) : "none";
}

std::string token_of(std::string_view link)
{
    auto const token = auth::token_from_link(link);
    return token ? std::string(token->reveal()) : "none";
}

std::string normalized(std::string_view code)
{
    auto const result = auth::normalize_handoff_code(code);
    return result ? std::string(result->reveal()) : "none";
}

} // namespace

BOOST_AUTO_TEST_SUITE(helpers)

// RFC 6238 appendix B, SHA-1, the last six of its eight digits; its last moment is beyond the system clock's range.
BOOST_AUTO_TEST_CASE(totp_of_the_rfc)
{
    BOOST_TEST(totp_at(59) == "287082");
    BOOST_TEST(totp_at(1111111109) == "081804");
    BOOST_TEST(totp_at(1111111111) == "050471");
    BOOST_TEST(totp_at(1234567890) == "005924");
    BOOST_TEST(totp_at(2000000000) == "279037");
}

BOOST_AUTO_TEST_CASE(totp_keys_are_read_as_people_copy_them)
{
    BOOST_TEST(totp_at(59, "gezd gnbv gy3t qojq-gezd gnbv gy3t qojq====") == "287082");
    BOOST_TEST(totp_at(59, "") == "none");
    BOOST_TEST(totp_at(59, "not base32!") == "none");
}

BOOST_AUTO_TEST_CASE(session_ids_are_hashes_of_tokens)
{
    BOOST_TEST(auth::session_id_hash("") == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
    BOOST_TEST(auth::session_id_hash("flx_abc").size() == 43U);
}

BOOST_AUTO_TEST_CASE(a_session_is_known_by_its_hash_alone)
{
    auth::auth_session session;
    BOOST_TEST(!auth::is_session_of(session, "flx_abc"));
    session.id_hash = auth::session_id_hash("flx_abc");
    BOOST_TEST(auth::is_session_of(session, "flx_abc"));
    BOOST_TEST(!auth::is_session_of(session, "flx_abd"));
    // About the token that asked for the list, not about this one.
    session.current = true;
    BOOST_TEST(!auth::is_session_of(session, "flx_abd"));
}

BOOST_AUTO_TEST_CASE(tokens_are_taken_from_fragments)
{
    BOOST_TEST(token_of("https://web.fluxer.app/verify#token=abc") == "abc");
    BOOST_TEST(token_of("https://web.fluxer.app/authorize-ip#x=1&token=abc&y=2") == "abc");
    BOOST_TEST(token_of("https://web.fluxer.app/reset#token=abc\r\n") == "abc");
    for (auto const* link :
         {"", "abc", "https://x/verify", "https://x/verify?token=abc", "https://x/#",
          "https://x/#token=", "https://x/#mytoken=abc", "https://x/#&&"})
        BOOST_TEST(token_of(link) == "none", link);
}

BOOST_AUTO_TEST_CASE(handoff_codes_are_normalized)
{
    BOOST_TEST(normalized("ABCD-2345") == "ABCD-2345");
    BOOST_TEST(normalized(" abcd2345\n") == "ABCD-2345");
    BOOST_TEST(normalized("a-b-c-d 2 3 4 5") == "ABCD-2345");
    for (auto const* code :
         {"", "----", "ABCD-234", "ABCD-23456", "ABCD-2340", "ABCI-2345", "ABCL-2345", "ABCO-2345",
          "ABC1-2345", "ABC\xC3\xA4-234"})
        BOOST_TEST(normalized(code) == "none", code);
}

BOOST_AUTO_TEST_SUITE_END()
