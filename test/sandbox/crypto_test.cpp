#include "core/encoding.hpp"
#include "sandbox/crypto.hpp"
#include "sandbox/jwt.hpp"
#include "sandbox/random.hpp"
#include "sandbox/totp.hpp"
#include "sandbox/user_agent.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace fluxer::auth::sandbox_detail;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(crypto)

BOOST_AUTO_TEST_CASE(totp_of_rfc_6238)
{
    constexpr std::string_view key = "12345678901234567890";
    BOOST_TEST(totp_code(key, time_point{59s}) == "287082");
    BOOST_TEST(totp_code(key, time_point{1111111109s}) == "081804");
    BOOST_TEST(totp_code(key, time_point{20000000000s}) == "353130");
}

BOOST_AUTO_TEST_CASE(totp_accepts_one_step_to_either_side)
{
    constexpr std::string_view key = "12345678901234567890";
    time_point const at{1111111110s};
    auto const code = totp_code(key, at);
    BOOST_TEST(totp_matches(key, code, at + 30s));
    BOOST_TEST(totp_matches(key, code, at - 30s));
    BOOST_TEST(!totp_matches(key, code, at + 61s));
    BOOST_TEST(!totp_matches(key, "", at));
}

BOOST_AUTO_TEST_CASE(sudo_tokens_are_bound_to_user_key_and_time)
{
    time_point const now{1700000000s};
    auto const token = make_sudo_token("key", "42", now);
    BOOST_TEST(token.starts_with("eyJhbGciOiJIUzI1NiJ9."));
    BOOST_TEST(is_sudo_token("key", token, "42", now + 299s));
    BOOST_TEST(!is_sudo_token("key", token, "42", now + 300s));
    BOOST_TEST(!is_sudo_token("key", token, "43", now));
    BOOST_TEST(!is_sudo_token("other", token, "42", now));
    for (auto const* junk : {"", ".", "..", "a.b.c", "eyJhbGciOiJIUzI1NiJ9"})
        BOOST_TEST(!is_sudo_token("key", junk, "42", now));
}

BOOST_AUTO_TEST_CASE(passwords_are_salted)
{
    auto const hash = hash_password("correct horse");
    BOOST_TEST(password_matches("correct horse", hash));
    BOOST_TEST(!password_matches("correct horse ", hash));
    BOOST_TEST(hash != hash_password("correct horse"));
}

BOOST_AUTO_TEST_CASE(base32_round_trip)
{
    BOOST_TEST(base32_encode("foobar") == "MZXW6YTBOI");
    BOOST_TEST(fluxer::auth::core::base32_decode(base32_encode("fooba")).value() == "fooba");
}

BOOST_AUTO_TEST_CASE(random_texts_keep_to_their_alphabet)
{
    std::set<std::string> seen;
    for (int i = 0; i < 200; ++i) {
        auto const text = random_base62(64);
        BOOST_TEST(text.size() == 64U);
        BOOST_TEST(
            text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") ==
            std::string::npos);
        BOOST_TEST(seen.insert(text).second);
    }
    BOOST_TEST(random_uuid().size() == 36U);
}

BOOST_AUTO_TEST_CASE(user_agents)
{
    constexpr auto chrome =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/120.0.0.0 Safari/537.36";
    BOOST_TEST(browser_of(chrome) == "Chrome");
    BOOST_TEST(system_of(chrome) == "Windows");
    BOOST_TEST(browser_of("fluxer-auth/0.1 (Linux)") == "Unknown");
    BOOST_TEST(system_of("") == "Unknown");
}

BOOST_AUTO_TEST_SUITE_END()
