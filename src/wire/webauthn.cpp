#include "wire/webauthn.hpp"

#include "core/cbor.hpp"
#include "core/encoding.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace fluxer::auth::wire {

namespace {

namespace json = boost::json;

constexpr std::int64_t es256 = -7;              // RFC 9053 §2.1
constexpr std::size_t longest_user_handle = 64; // WebAuthn §5.4.3
constexpr std::size_t longest_challenge = 256;  // contract 5.10
constexpr unsigned char user_is_present = 0x01; // WebAuthn §6.1
constexpr unsigned char user_is_verified = 0x04;
constexpr unsigned char has_credential_data = 0x40;

json::object const* object_at(json::object const& members, std::string_view name) noexcept
{
    auto const* member = members.if_contains(name);
    return member == nullptr ? nullptr : member->if_object();
}

std::string_view text_at(json::object const& members, std::string_view name) noexcept
{
    auto const* member = members.if_contains(name);
    auto const* text = member == nullptr ? nullptr : member->if_string();
    return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

/// Absent and null mean the same (contract 2.2).
json::value const* present_at(json::object const& members, std::string_view name) noexcept
{
    auto const* member = members.if_contains(name);
    return member == nullptr || member->is_null() ? nullptr : member;
}

bool fail(field_error& problem, std::string path, std::string message)
{
    problem = field_error(std::move(path), "INVALID_FORMAT", std::move(message));
    return false;
}

bool read_challenge(json::object const& from, std::string& into, field_error& problem)
{
    auto const text = text_at(from, "challenge");
    if (text.empty() || text.size() > longest_challenge || !core::base64url_decode(text))
        return fail(problem, "challenge", "must be base64url, 1-256 characters");
    into = text;
    return true;
}

bool read_rp_id(
    json::object const& from, std::string_view name, std::string path, std::string& into,
    field_error& problem)
{
    auto const* member = present_at(from, name);
    if (member == nullptr)
        return true;
    into = text_at(from, name);
    return !into.empty() || fail(problem, std::move(path), "must be text");
}

/// The ids of PublicKeyCredentialDescriptorJSON. Entries of other kinds can't be of this authenticator.
bool read_ids(
    json::value const& from, std::string_view name, std::vector<std::string>& into, field_error& problem)
{
    auto const* list = from.if_array();
    if (list == nullptr)
        return fail(problem, std::string(name), "must be an array");
    for (auto const& item : *list) {
        auto const* entry = item.if_object();
        auto id = entry == nullptr ? std::nullopt : core::base64url_decode(text_at(*entry, "id"));
        if (id && !id->empty())
            into.push_back(*std::move(id));
    }
    return true;
}

bool read_user(json::object const& from, creation_options& into, field_error& problem)
{
    auto const* user = object_at(from, "user");
    auto handle = user == nullptr ? std::nullopt : core::base64url_decode(text_at(*user, "id"));
    if (!handle || handle->empty() || handle->size() > longest_user_handle)
        return fail(problem, "user.id", "must be base64url of 1-64 bytes");
    into.user_handle = *std::move(handle);
    into.user_name = text_at(*user, "name");
    if (into.user_name.size() > core::longest_passkey_text)
        return fail(problem, "user.name", "is longer than 1024 bytes");
    return true;
}

bool offers_es256(json::object const& from) noexcept
{
    auto const* member = present_at(from, "pubKeyCredParams");
    auto const* list = member == nullptr ? nullptr : member->if_array();
    if (list == nullptr)
        return false;
    return list->empty() || std::any_of(list->begin(), list->end(), [](json::value const& item) {
               auto const* entry = item.if_object();
               auto const* algorithm = entry == nullptr ? nullptr : entry->if_contains("alg");
               return algorithm != nullptr && algorithm->is_int64() && algorithm->get_int64() == es256 &&
                      text_at(*entry, "type") == "public-key";
           });
}

std::string json_of(client_data const& client)
{
    // In the order of WebAuthn §5.8.1.1, which a verifier may rely on.
    json::object members;
    members["type"] = client.type;
    members["challenge"] = client.challenge;
    members["origin"] = client.origin;
    members["crossOrigin"] = false;
    return json::serialize(members);
}

/// WebAuthn §6.1, without credential data.
std::string authenticator_data(core::passkey_record const& of, unsigned char flags)
{
    auto const hash = core::sha256(of.rp_id);
    std::string data(hash.begin(), hash.end());
    data.push_back(static_cast<char>(flags));
    for (int shift = 24; shift >= 0; shift -= 8)
        data.push_back(static_cast<char>(of.counter >> shift & 0xFFU));
    return data;
}

/// WebAuthn §6.5.1.
std::string credential_data(core::passkey_record const& of)
{
    std::string data(16, '\0'); // no model of authenticator is named
    data.push_back(static_cast<char>(of.id.size() >> 8));
    data.push_back(static_cast<char>(of.id.size() & 0xFFU));
    return data + of.id + of.key.public_cose();
}

/// WebAuthn §6.5.4, in CTAP2's canonical order.
std::string attestation_object(std::string_view authenticator)
{
    core::cbor_writer out;
    out.map(3);
    out.text("fmt");
    out.text("none");
    out.text("attStmt");
    out.map(0);
    out.text("authData");
    out.bytes(authenticator);
    return out.written();
}

unsigned char flags_of(bool user_verified) noexcept
{
    return user_verified ? user_is_present | user_is_verified : user_is_present;
}

json::value credential_json(core::passkey_record const& of, json::object response)
{
    json::object made;
    made["id"] = encode_id(of.id);
    made["rawId"] = encode_id(of.id);
    made["type"] = "public-key";
    made["response"] = std::move(response);
    made["clientExtensionResults"] = json::object();
    made["authenticatorAttachment"] = "platform";
    return made;
}

} // namespace

std::string encode_id(std::string_view bytes)
{
    return core::base64url_encode(
        {reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size()}); // NOLINT(*-reinterpret-cast)
}

std::optional<creation_options> decode_creation_options(json::value const& from, field_error& problem)
{
    creation_options made;
    auto const* members = from.if_object();
    if (members == nullptr) {
        fail(problem, "root", "must be a JSON object");
        return std::nullopt;
    }
    auto const* party = object_at(*members, "rp");
    if (party != nullptr && !read_rp_id(*party, "id", "rp.id", made.rp_id, problem))
        return std::nullopt;
    if (!read_challenge(*members, made.challenge, problem) || !read_user(*members, made, problem))
        return std::nullopt;
    if (!offers_es256(*members)) {
        fail(problem, "pubKeyCredParams", "does not allow ES256, the only algorithm here");
        return std::nullopt;
    }
    auto const* excluded = present_at(*members, "excludeCredentials");
    if (excluded != nullptr && !read_ids(*excluded, "excludeCredentials", made.excluded, problem))
        return std::nullopt;
    if (auto const* wishes = object_at(*members, "authenticatorSelection"))
        made.wants_verification = text_at(*wishes, "userVerification") == "required";
    return made;
}

std::optional<request_options> decode_request_options(json::value const& from, field_error& problem)
{
    request_options made;
    auto const* members = from.if_object();
    if (members == nullptr) {
        fail(problem, "root", "must be a JSON object");
        return std::nullopt;
    }
    if (!read_challenge(*members, made.challenge, problem) ||
        !read_rp_id(*members, "rpId", "rpId", made.rp_id, problem))
        return std::nullopt;
    auto const* allowed = present_at(*members, "allowCredentials");
    if (allowed != nullptr && !read_ids(*allowed, "allowCredentials", made.allowed.emplace(), problem))
        return std::nullopt;
    // An empty list means the same as none (WebAuthn §5.5).
    if (allowed != nullptr && allowed->if_array()->empty())
        made.allowed.reset();
    made.wants_verification = text_at(*members, "userVerification") == "required";
    return made;
}

std::string challenge_in(json::value const& options)
{
    auto const* const object = options.if_object();
    auto const* const member = object == nullptr ? nullptr : object->if_contains("challenge");
    auto const* const text = member == nullptr ? nullptr : member->if_string();
    return text == nullptr ? std::string() : std::string(*text);
}

json::value registration_response(
    core::passkey_record const& made, client_data const& client, bool user_verified)
{
    auto const flags = static_cast<unsigned char>(flags_of(user_verified) | has_credential_data);
    auto const authenticator = authenticator_data(made, flags) + credential_data(made);
    json::object response;
    response["clientDataJSON"] = encode_id(json_of(client));
    response["attestationObject"] = encode_id(attestation_object(authenticator));
    response["transports"] = json::array{"internal"};
    return credential_json(made, std::move(response));
}

json::value authentication_response(
    core::passkey_record const& used, client_data const& client, bool user_verified)
{
    auto const data = json_of(client);
    auto const authenticator = authenticator_data(used, flags_of(user_verified));
    auto const hash = core::sha256(data);
    json::object response;
    response["clientDataJSON"] = encode_id(data);
    response["authenticatorData"] = encode_id(authenticator);
    response["signature"] = encode_id(used.key.sign(authenticator + std::string(hash.begin(), hash.end())));
    response["userHandle"] = encode_id(used.user_handle);
    return credential_json(used, std::move(response));
}

} // namespace fluxer::auth::wire
