#include "sandbox/jwt.hpp"

#include "core/encoding.hpp"
#include "sandbox/crypto.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace fluxer::auth::sandbox_detail {

namespace {

std::string encode(std::string_view text)
{
    return core::base64url_encode({reinterpret_cast<unsigned char const*>(text.data()), text.size()});
}

std::string signature_of(std::string_view key, std::string_view signed_part)
{
    return core::base64url_encode(hmac_sha256(key, signed_part));
}

bool has_text(boost::json::object const& claims, std::string_view name, std::string_view wanted)
{
    auto const* value = claims.if_contains(name);
    return value && value->is_string() && value->get_string() == wanted;
}

} // namespace

std::string make_sudo_token(std::string_view key, std::string_view user_id, time_point now)
{
    boost::json::object claims;
    claims["type"] = "sudo";
    claims["sub"] = user_id;
    claims["iat"] = seconds_of(now);
    claims["exp"] = seconds_of(now + sudo_life);
    auto const signed_part = encode(R"({"alg":"HS256"})") + "." + encode(boost::json::serialize(claims));
    return signed_part + "." + signature_of(key, signed_part);
}

bool is_sudo_token(std::string_view key, std::string_view token, std::string_view user_id, time_point now)
{
    auto const last_dot = token.rfind('.');
    auto const first_dot = token.find('.');
    if (last_dot == std::string_view::npos || first_dot == last_dot)
        return false;
    auto const signed_part = token.substr(0, last_dot);
    if (!equal_in_constant_time(signature_of(key, signed_part), token.substr(last_dot + 1)))
        return false;
    auto const payload = core::base64url_decode(signed_part.substr(first_dot + 1));
    boost::system::error_code failure;
    auto const parsed = boost::json::parse(payload.value_or(""), failure);
    auto const* claims = failure ? nullptr : parsed.if_object();
    auto const* expiry = claims ? claims->if_contains("exp") : nullptr;
    return expiry && expiry->is_int64() && expiry->get_int64() > seconds_of(now) &&
           has_text(*claims, "type", "sudo") && has_text(*claims, "sub", user_id);
}

} // namespace fluxer::auth::sandbox_detail
