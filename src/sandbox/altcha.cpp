#include "sandbox/altcha.hpp"

#include "core/encoding.hpp"
#include "sandbox/crypto.hpp"
#include "sandbox/random.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <charconv>

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr std::string_view algorithm = "SHA-256";
constexpr std::string_view expires_name = "?expires=";
constexpr std::size_t salt_length = 24;

std::string hex(std::array<unsigned char, 32> const& bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (auto const byte : bytes) {
        text.push_back(digits[byte >> 4]);
        text.push_back(digits[byte & 15]);
    }
    return text;
}

std::string hash_of(std::string_view salt, std::uint64_t number)
{
    return hex(core::sha256(std::string(salt) + std::to_string(number)));
}

bool is_over(std::string_view salt, time_point now)
{
    auto const at = salt.find(expires_name);
    std::int64_t expires = 0;
    if (at == std::string_view::npos)
        return true;
    auto const text = salt.substr(at + expires_name.size());
    auto const [end, problem] = std::from_chars(text.data(), text.data() + text.size(), expires);
    return problem != std::errc() || end != text.data() + text.size() || seconds_of(now) >= expires;
}

std::optional<boost::json::object> read(std::string_view solution)
{
    std::string text(solution);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    while (text.ends_with('='))
        text.pop_back();
    auto const decoded = core::base64url_decode(text);
    if (!decoded)
        return std::nullopt;
    boost::system::error_code problem;
    auto const value = boost::json::parse(*decoded, problem);
    return !problem && value.is_object() ? std::optional(value.get_object()) : std::nullopt;
}

std::string text_of(boost::json::object const& from, std::string_view name)
{
    auto const* member = from.if_contains(name);
    return member && member->is_string() ? std::string(member->get_string()) : std::string();
}

} // namespace

boost::json::object make_altcha_challenge(std::string_view key, std::uint32_t max_number, time_point now)
{
    auto const salt =
        random_hex(salt_length) + std::string(expires_name) + std::to_string(seconds_of(now + altcha_life));
    std::uint32_t number = 0;
    for (auto const byte : random_bytes(sizeof number))
        number = number << 8 | static_cast<unsigned char>(byte);
    auto const challenge = hash_of(salt, number % (max_number + 1));
    boost::json::object made;
    made["algorithm"] = algorithm;
    made["challenge"] = challenge;
    made["maxnumber"] = max_number;
    made["salt"] = salt;
    made["signature"] = hex(hmac_sha256(key, challenge));
    return made;
}

std::optional<std::string> solved_altcha_challenge(
    std::string_view key, std::string_view solution, time_point now)
{
    auto const members = read(solution);
    if (!members)
        return std::nullopt;
    auto const challenge = text_of(*members, "challenge");
    auto const salt = text_of(*members, "salt");
    auto const* number = members->if_contains("number");
    if (text_of(*members, "algorithm") != algorithm || !number || !number->is_int64() ||
        number->get_int64() < 0 || is_over(salt, now))
        return std::nullopt;
    auto const right =
        equal_in_constant_time(text_of(*members, "signature"), hex(hmac_sha256(key, challenge))) &&
        hash_of(salt, static_cast<std::uint64_t>(number->get_int64())) == challenge;
    return right ? std::optional(challenge) : std::nullopt;
}

} // namespace fluxer::auth::sandbox_detail
