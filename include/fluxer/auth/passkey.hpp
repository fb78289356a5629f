#ifndef FLUXER_AUTH_PASSKEY_HPP
#define FLUXER_AUTH_PASSKEY_HPP

#include <fluxer/auth/config.hpp>
#include <fluxer/auth/error.hpp>
#include <fluxer/auth/mfa.hpp>
#include <fluxer/auth/secret.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth {

/// What may be known of a passkey without its private key.
struct FLUXER_AUTH_DECL passkey_info
{
    passkey_info() = default;

    std::string credential_id; ///< base64url, 22 characters
    std::string rp_id;         ///< the domain that it is for, e.g. "fluxer.app"
    std::string user_handle;   ///< base64url, as the server named the user
    std::string user_name;     ///< for people; may be empty
    std::uint32_t counter = 0; ///< signatures so far; stays 0 without passkey_creation::counts
    std::string public_key;    ///< bytes of the COSE_Key (RFC 9053)
};

/// How passkey_store::create makes one.
struct FLUXER_AUTH_DECL passkey_creation
{
    passkey_creation() = default;

    bool user_verified = true; ///< the caller has made sure of the user, by the passphrase for example
    /// Whether signatures are counted. A counter shows the server that a copy is in use, but a store that is restored
    /// from an older copy is refused then. false: the counter stays 0, as with passkeys that are synchronised.
    bool counts = true;
};

/// How passkey_store::sign answers.
struct FLUXER_AUTH_DECL passkey_use
{
    passkey_use() = default;

    bool user_verified = true; ///< as in passkey_creation
    std::string credential_id; ///< which one, if several fit; empty: the newest
};

/// The answer to a challenge, ready for the operation that it is for.
struct FLUXER_AUTH_DECL passkey_assertion
{
    passkey_assertion() = default;

    boost::json::value response; ///< AuthenticationResponseJSON
    std::string challenge;       ///< the very string that the options had

    /// For client::authenticate_with_webauthn.
    webauthn_authenticate_request for_login() const;

    /// For client::login_with_webauthn_mfa.
    webauthn_mfa_request for_mfa(secret ticket) const;
};

/// How passkey_store::seal encrypts.
struct FLUXER_AUTH_DECL seal_options
{
    seal_options() = default;

    /// 14-17: scrypt's N is 2 to the power of this. Each step doubles memory (16 MiB at 14) and time, on both ends.
    unsigned cost = 16;
};

/// An authenticator in software: passkeys (ES256, discoverable, no attestation) for headless programs and for tests.
/// Whoever can read the process's memory can take them; a person's login is better protected by a real authenticator.
///
/// It plays both parts of WebAuthn, browser and authenticator, and so checks what a browser does: that the relying
/// party's id is the origin's host or a domain above it. The origin is the caller's word: give the one that belongs to
/// the server that the options came from (contract 9.3; discovery's `webapp`), never one that a server chooses, or a
/// hostile server gets signatures for another one.
///
/// What holds for every function:
/// - Errors: as each says. Beside that std::bad_alloc, and std::runtime_error if OpenSSL has no memory or randomness.
/// - Cancellation: none. No I/O; all but seal and open take less than a millisecond.
/// - Executor: none. Thread safety: distinct stores may be used by distinct threads; one by one thread at a time.
/// - Memory: private keys are cleansed with the store, and leave it only through seal.
class FLUXER_AUTH_DECL passkey_store
{
public:
    /// An empty store.
    passkey_store();
    passkey_store(passkey_store&&) noexcept;
    passkey_store& operator=(passkey_store&&) noexcept;
    passkey_store(passkey_store const&) = delete;
    passkey_store& operator=(passkey_store const&) = delete;
    ~passkey_store();

    /// Makes a passkey.
    ///
    /// @param options the server's PublicKeyCredentialCreationOptionsJSON
    /// @param origin `https://host[:port]` of the web app, e.g. "https://web.fluxer.app"
    /// @param how verification and counter
    /// @returns RegistrationResponseJSON for the server; the passkey is kept even if the server then refuses it (erase)
    /// Errors: errc::invalid_request with the member of the options that cannot be used: no ES256 among
    ///   `pubKeyCredParams`, `rp.id` that the origin may not use, `excludeCredentials` names one that is here, `user.id`
    ///   that is not 1-64 bytes; `userVerification` required and not given; `passkeys`: 1000 are here already.
    /// Source: WebAuthn Level 2 §5.1.3, §6.3.2.
    result<boost::json::value> create(
        boost::json::value const& options, std::string_view origin, passkey_creation how = {});

    /// Answers a login's challenge.
    ///
    /// @param options what client::get_webauthn_authentication_options or client::get_webauthn_mfa_options returned
    /// @param origin as with create
    /// @param how verification, and which passkey
    /// @returns the answer; the passkey's counter has gone up, so seal anew what is kept
    /// Errors: errc::no_passkey: none is for this `rpId`, or for `allowCredentials`; errc::invalid_request with the
    ///   member of the options that cannot be used.
    /// Source: WebAuthn Level 2 §5.1.4, §6.3.3; contract 5.9, 5.10, 5.22, 5.23.
    result<passkey_assertion> sign(
        boost::json::value const& options, std::string_view origin, passkey_use how = {});

    /// What is here, oldest first.
    ///
    /// @returns copies, without private keys
    /// Errors: none.
    std::vector<passkey_info> list() const;

    std::size_t size() const noexcept;

    /// Forgets a passkey.
    ///
    /// @param credential_id passkey_info::credential_id
    /// @returns whether there was one
    /// Errors: none.
    bool erase(std::string_view credential_id);

    /// Encrypts all of it with a passphrase: scrypt and AES-256-GCM. Takes a tenth of a second and 64 MiB by default:
    /// not for a thread that serves I/O.
    ///
    /// @param passphrase 1-1024 bytes; its strength is all that protects what is written
    /// @param how the cost
    /// @returns bytes to be kept; different each time
    /// Errors: errc::invalid_request with field `passphrase` or `cost`.
    /// Source: RFC 7914, NIST SP 800-38D.
    result<std::string> seal(secret const& passphrase, seal_options how = {}) const;

    /// The reverse of seal. Spends at most 128 MiB, whatever the bytes say.
    ///
    /// @param sealed what seal returned; at most 4 MiB
    /// @param passphrase the same
    /// @returns the store
    /// Errors: errc::wrong_passphrase: wrong, or the bytes were altered; errc::invalid_request with field `sealed`: not
    ///   a sealed store at all, one of a newer version, or one that asks for too much memory; with field `passphrase`:
    ///   not of 1-1024 bytes.
    static result<passkey_store> open(std::string_view sealed, secret const& passphrase);

private:
    class impl;

    std::unique_ptr<impl> impl_;
};

} // namespace fluxer::auth

#endif
