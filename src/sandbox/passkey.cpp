#include "sandbox/passkey.hpp"

#include "core/encoding.hpp"
#include "sandbox/crypto.hpp"

#include <boost/json/parse.hpp>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr std::size_t counter_offset = 33;
constexpr std::size_t shortest_authenticator_data = 37;
constexpr unsigned char user_present = 0x01;
constexpr unsigned char user_verified = 0x04;

std::string_view string_at(boost::json::object const& members, std::string_view key)
{
    auto const* value = members.if_contains(key);
    auto const* text = value ? value->if_string() : nullptr;
    return text ? std::string_view(text->data(), text->size()) : std::string_view{};
}

std::string bytes_at(boost::json::object const& members, std::string_view key)
{
    return core::base64url_decode(string_at(members, key)).value_or("");
}

bool client_data_matches(std::string_view bytes, relying_party const& party, std::string_view challenge)
{
    boost::system::error_code failure;
    auto const parsed = boost::json::parse({bytes.data(), bytes.size()}, failure);
    auto const* members = failure ? nullptr : parsed.if_object();
    return members && string_at(*members, "type") == "webauthn.get" &&
           string_at(*members, "challenge") == challenge && string_at(*members, "origin") == party.origin;
}

bool authenticator_data_matches(std::string_view data, relying_party const& party)
{
    if (data.size() < shortest_authenticator_data)
        return false;
    auto const hash = core::sha256(party.id);
    bool const same_party = std::equal(hash.begin(), hash.end(), data.begin(), [](unsigned char a, char b) {
        return a == static_cast<unsigned char>(b);
    });
    unsigned char const wanted = user_present | user_verified;
    return same_party && (static_cast<unsigned char>(data[32]) & wanted) == wanted;
}

std::uint32_t counter_of(std::string_view data)
{
    std::uint32_t counter = 0;
    for (std::size_t i = 0; i < 4; ++i)
        counter = (counter << 8) | static_cast<unsigned char>(data[counter_offset + i]);
    return counter;
}

} // namespace

bool verify_es256(public_key const& key, std::string_view message, std::string_view signature)
{
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    bool const good =
        context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
        EVP_DigestVerify(
            context.get(), reinterpret_cast<unsigned char const*>(signature.data()), signature.size(),
            reinterpret_cast<unsigned char const*>(message.data()), message.size()) == 1;
    ERR_clear_error();
    return good;
}

std::optional<assertion> parse_assertion(boost::json::object const& response)
{
    auto const* inner = response.if_contains("response");
    auto const* members = inner ? inner->if_object() : nullptr;
    if (!members)
        return std::nullopt;
    auto client_data = bytes_at(*members, "clientDataJSON");
    auto authenticator_data = bytes_at(*members, "authenticatorData");
    auto signature = bytes_at(*members, "signature");
    if (client_data.empty() || authenticator_data.empty() || signature.empty())
        return std::nullopt;
    return assertion{
        std::move(client_data), std::move(authenticator_data), std::move(signature),
        std::string(string_at(*members, "userHandle"))};
}

assertion_verdict verify_assertion(
    assertion const& proof, passkey& credential, relying_party const& party, std::string_view challenge)
{
    if (!client_data_matches(proof.client_data, party, challenge) ||
        !authenticator_data_matches(proof.authenticator_data, party))
        return assertion_verdict::rejected;
    bool const other_user = !credential.user_handle.empty() && !proof.user_handle.empty() &&
                            credential.user_handle != proof.user_handle;
    if (other_user)
        return assertion_verdict::rejected;

    auto const hash = core::sha256(proof.client_data);
    auto const message = proof.authenticator_data + std::string(hash.begin(), hash.end());
    if (!verify_es256(credential.key, message, proof.signature))
        return assertion_verdict::rejected;

    // Authenticators without a counter always send 0.
    auto const counter = counter_of(proof.authenticator_data);
    if ((counter != 0 || credential.counter != 0) && counter <= credential.counter)
        return assertion_verdict::counter_not_increased;
    credential.counter = counter;
    return assertion_verdict::accepted;
}

} // namespace fluxer::auth::sandbox_detail
