#include "core/encoding.hpp"
#include "sandbox/operations.hpp"
#include "sandbox/random.hpp"

#include <boost/json/array.hpp>

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr std::chrono::minutes challenge_life{5};
constexpr std::size_t challenge_bytes = 32;
constexpr int browser_timeout_ms = 60000;

boost::json::array credentials_of(account const& who)
{
    boost::json::array all;
    for (auto const& key : who.passkeys) {
        boost::json::object entry;
        entry["id"] = key.credential_id;
        entry["transports"] = boost::json::array{"internal"};
        entry["type"] = "public-key";
        all.push_back(std::move(entry));
    }
    return all;
}

bool fits(challenge const& made, challenge const& expected)
{
    return made.purpose == expected.purpose && made.user_id == expected.user_id &&
           made.ticket == expected.ticket;
}

std::string credential_id_of(boost::json::object const& response)
{
    auto const* id = response.if_contains("id");
    return id && id->is_string() ? std::string(id->get_string()) : std::string{};
}

} // namespace

reply webauthn_options_reply(call& now, challenge purpose, account const* who)
{
    auto const bytes = random_bytes(challenge_bytes);
    auto const text =
        core::base64url_encode({reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size()});
    boost::json::object body;
    body["rpId"] = now.server.settings.rp_id;
    body["challenge"] = text;
    if (who)
        body["allowCredentials"] = credentials_of(*who);
    body["timeout"] = browser_timeout_ms;
    body["userVerification"] = "required";
    now.server.challenges.put(text, std::move(purpose), now.now, challenge_life);
    return json_reply(body);
}

passkey_outcome check_passkey(
    call& now, boost::json::object const* response, std::string_view challenge_text,
    challenge const& expected)
{
    passkey_outcome failure{nullptr, api_error(401, "PASSKEY_AUTHENTICATION_FAILED")};
    auto const made = now.server.challenges.take(challenge_text, now.now);
    if (!response || !made || !fits(*made, expected))
        return failure;
    auto const [who, key] = now.server.find_passkey(credential_id_of(*response));
    bool const foreign = who && !expected.user_id.empty() && who->id != expected.user_id;
    auto const proof = parse_assertion(*response);
    if (!who || foreign || !proof)
        return failure;
    auto const& settings = now.server.settings;
    switch (verify_assertion(*proof, *key, {settings.rp_id, settings.origin}, challenge_text)) {
    case assertion_verdict::accepted:
        return {who, {}};
    case assertion_verdict::counter_not_increased:
        return {nullptr, api_error(500, "INVALID_WEBAUTHN_AUTHENTICATION_COUNTER")};
    case assertion_verdict::rejected:
        break;
    }
    return failure;
}

reply get_webauthn_authentication_options(call& now)
{
    return webauthn_options_reply(now, {challenge_purpose::login, {}, {}}, nullptr);
}

reply authenticate_with_webauthn(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const challenge_text = fields.text("challenge");
    if (fields.failed())
        return fields.errors();
    // The response itself is not validated: the server trips over it (contract 5.23).
    auto const* response = fields.object("response");
    if (!response)
        return api_error(500, "INTERNAL_SERVER_ERROR");
    challenge const expected{challenge_purpose::login, {}, {}};
    auto const outcome = check_passkey(now, response, challenge_text, expected);
    if (!outcome.who)
        return outcome.error;
    if (auto suspended = suspension_error(*outcome.who))
        return std::move(*suspended);
    return new_session_reply(now, *outcome.who);
}

} // namespace fluxer::auth::sandbox_detail
