#include <fluxer/auth/passkey.hpp>

#include "core/encoding.hpp"
#include "core/origin.hpp"
#include "core/passkey_record.hpp"
#include "core/sealed_box.hpp"
#include "core/text.hpp"
#include "flows/failure.hpp"
#include "wire/webauthn.hpp"

#include <openssl/err.h>
#include <openssl/rand.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>

namespace fluxer::auth {

namespace {

namespace json = boost::json;
using core::passkey_record;

constexpr int id_size = 16;
constexpr std::size_t longest_passphrase = 1024;
constexpr std::size_t longest_sealed = 4 * 1024 * 1024;

error refusal(field_error field)
{
    error_info info;
    info.code = errc::invalid_request;
    info.fields.push_back(std::move(field));
    return error(std::move(info));
}

error refusal(std::string path, std::string message)
{
    return refusal(field_error(std::move(path), "INVALID_FORMAT", std::move(message)));
}

std::string new_id()
{
    std::string id(id_size, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(id.data()), id_size) != 1) { // NOLINT(*-reinterpret-cast)
        ERR_clear_error();
        throw std::runtime_error("no random bytes");
    }
    return id;
}

/// WebAuthn §5.1.3 step 7: the host itself or a domain above it. There is no list of public suffixes here; a single label
/// ("app") is refused instead.
bool may_use(core::origin const& origin, std::string_view rp_id)
{
    if (rp_id == origin.host)
        return true;
    return !origin.is_address && rp_id.find('.') != std::string_view::npos && core::is_host_name(rp_id) &&
           origin.host.ends_with("." + std::string(rp_id));
}

/// Who asks, and for which relying party; on failure nothing.
struct asker
{
    std::string origin; ///< as browsers write it: without a path, and without port 443
    std::string rp_id;
};

std::optional<asker> check_asker(
    std::string_view origin, std::string rp_id, std::string_view rp_path, field_error& problem)
{
    std::string why;
    auto const parsed = core::parse_origin(origin, why);
    if (!parsed || !parsed->path_prefix.empty()) {
        problem = field_error(
            "origin", "INVALID_FORMAT", parsed ? "has a path; it must be https://host[:port]" : why);
        return std::nullopt;
    }
    rp_id = rp_id.empty() ? parsed->host : core::lower_case(rp_id);
    if (!may_use(*parsed, rp_id)) {
        problem = field_error(
            std::string(rp_path), "INVALID_FORMAT",
            "is neither the host of the origin nor a domain above it");
        return std::nullopt;
    }
    return asker{"https://" + parsed->host_header, std::move(rp_id)};
}

std::string words_of(core::unseal_failure what)
{
    switch (what) {
    case core::unseal_failure::unknown_version:
        return "is of a newer version than this library knows";
    case core::unseal_failure::cost_refused:
        return "asks for more work than any store that this library seals";
    case core::unseal_failure::not_sealed:
    case core::unseal_failure::wrong_passphrase:
        break;
    }
    return "is not a sealed passkey store";
}

} // namespace

webauthn_authenticate_request passkey_assertion::for_login() const
{
    return {response, challenge};
}

webauthn_mfa_request passkey_assertion::for_mfa(secret ticket) const
{
    return {response, challenge, std::move(ticket)};
}

class passkey_store::impl
{
public:
    bool holds(std::vector<std::string> const& ids) const
    {
        return std::any_of(records.begin(), records.end(), [&](passkey_record const& record) {
            return std::find(ids.begin(), ids.end(), record.id) != ids.end();
        });
    }

    /// The newest that fits.
    passkey_record* find(
        wire::request_options const& wanted, std::string_view rp_id, std::string_view credential_id)
    {
        auto const fits = [&](passkey_record const& record) {
            auto const allowed =
                !wanted.allowed ||
                std::find(wanted.allowed->begin(), wanted.allowed->end(), record.id) != wanted.allowed->end();
            return allowed && record.rp_id == rp_id &&
                   (credential_id.empty() || wire::encode_id(record.id) == credential_id);
        };
        auto const found = std::find_if(records.rbegin(), records.rend(), fits);
        return found == records.rend() ? nullptr : &*found;
    }

    std::vector<passkey_record> records;
};

passkey_store::passkey_store()
    : impl_(std::make_unique<impl>())
{}

passkey_store::passkey_store(passkey_store&&) noexcept = default;
passkey_store& passkey_store::operator=(passkey_store&&) noexcept = default;
passkey_store::~passkey_store() = default;

result<json::value> passkey_store::create(
    json::value const& options, std::string_view origin, passkey_creation how)
{
    field_error problem;
    auto wanted = wire::decode_creation_options(options, problem);
    if (!wanted)
        return refusal(std::move(problem));
    auto const from = check_asker(origin, std::move(wanted->rp_id), "rp.id", problem);
    if (!from)
        return refusal(std::move(problem));
    if (wanted->wants_verification && !how.user_verified)
        return refusal(
            "authenticatorSelection.userVerification", "is required, and the user is not verified");
    if (impl_->holds(wanted->excluded))
        return refusal("excludeCredentials", "names a passkey of this store: the account has it already");
    if (impl_->records.size() >= core::most_passkeys)
        return refusal("passkeys", "1000 are in the store, and no more go in");
    passkey_record made{new_id(),
                        from->rp_id,
                        std::move(wanted->user_handle),
                        std::move(wanted->user_name),
                        how.counts,
                        0,
                        core::signing_key()};
    auto response = wire::registration_response(
        made, {"webauthn.create", wanted->challenge, from->origin}, how.user_verified);
    impl_->records.push_back(std::move(made));
    return response;
}

result<passkey_assertion> passkey_store::sign(
    json::value const& options, std::string_view origin, passkey_use how)
{
    field_error problem;
    auto wanted = wire::decode_request_options(options, problem);
    if (!wanted)
        return refusal(std::move(problem));
    auto const from = check_asker(origin, std::move(wanted->rp_id), "rpId", problem);
    if (!from)
        return refusal(std::move(problem));
    if (wanted->wants_verification && !how.user_verified)
        return refusal("userVerification", "is required, and the user is not verified");
    auto* const used = impl_->find(*wanted, from->rp_id, how.credential_id);
    if (used == nullptr)
        return flows::failure(
            errc::no_passkey, wanted->allowed ? "none of those that the account has is here"
                                              : "none is here for this relying party");
    // At the end of its range a counter can only stay, and the server refuses it from then on.
    if (used->counts && used->counter < std::numeric_limits<std::uint32_t>::max())
        ++used->counter;
    passkey_assertion made;
    made.response = wire::authentication_response(
        *used, {"webauthn.get", wanted->challenge, from->origin}, how.user_verified);
    made.challenge = std::move(wanted->challenge);
    return made;
}

std::vector<passkey_info> passkey_store::list() const
{
    std::vector<passkey_info> all;
    for (auto const& record : impl_->records) {
        passkey_info info;
        info.credential_id = wire::encode_id(record.id);
        info.rp_id = record.rp_id;
        info.user_handle = wire::encode_id(record.user_handle);
        info.user_name = record.user_name;
        info.counter = record.counter;
        info.public_key = record.key.public_cose();
        all.push_back(std::move(info));
    }
    return all;
}

std::size_t passkey_store::size() const noexcept
{
    return impl_->records.size();
}

bool passkey_store::erase(std::string_view credential_id)
{
    return std::erase_if(impl_->records, [&](passkey_record const& record) {
               return wire::encode_id(record.id) == credential_id;
           }) != 0;
}

result<std::string> passkey_store::seal(secret const& passphrase, seal_options how) const
{
    if (passphrase.empty() || passphrase.size() > longest_passphrase)
        return refusal("passphrase", "must have 1-1024 bytes");
    if (how.cost < core::least_seal_cost || how.cost > core::greatest_seal_cost)
        return refusal("cost", "must be 14-17");
    return core::seal(core::encode_passkeys(impl_->records).view(), passphrase, how.cost);
}

result<passkey_store> passkey_store::open(std::string_view sealed, secret const& passphrase)
{
    if (passphrase.empty() || passphrase.size() > longest_passphrase)
        return refusal("passphrase", "must have 1-1024 bytes");
    if (sealed.size() > longest_sealed)
        return refusal("sealed", "is longer than 4 MiB");
    core::unseal_failure why{};
    auto const plain = core::unseal(sealed, passphrase, why);
    if (!plain && why == core::unseal_failure::wrong_passphrase)
        return flows::failure(errc::wrong_passphrase, "");
    if (!plain)
        return refusal("sealed", words_of(why));
    auto records = core::decode_passkeys(plain->view());
    if (!records)
        return refusal("sealed", "holds something else than passkeys");
    passkey_store opened;
    opened.impl_->records = *std::move(records);
    return opened;
}

} // namespace fluxer::auth
