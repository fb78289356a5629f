#ifndef FLUXER_AUTH_ERROR_HPP
#define FLUXER_AUTH_ERROR_HPP

#include <fluxer/auth/altcha_challenge.hpp>
#include <fluxer/auth/config.hpp>
#include <fluxer/auth/operation.hpp>
#include <fluxer/auth/secret.hpp>
#include <fluxer/auth/sudo_methods.hpp>

#include <boost/assert/source_location.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth {

/// What went wrong, in the terms a caller decides by. Groups follow contract 6.5.
enum class errc {
    // Decided in this process; request_was_sent() tells whether an attempt before had been sent.
    invalid_request = 1, ///< a field or a call option breaks its rule; fields() names it
    invalid_option,      ///< an option is out of its range
    shut_down,           ///< the client was shut down
    queue_full,          ///< as many calls wait for a connection as pool.max_waiting allows
    no_passkey,          ///< the store has no passkey that the server's options allow
    wrong_passphrase,    ///< the passphrase is wrong, or the sealed passkeys were altered
    captcha_expired,     ///< the ALTCHA challenge has expired; the same call again brings a fresh one
    captcha_unsolved,    ///< no number within the bounds solves the ALTCHA challenge

    cancelled = 20, ///< the caller cancelled, or client::cancel() did
    timed_out,      ///< a limit ran out; phase() and limit() say which

    // The way to the server.
    resolve_failed = 40, ///< the host name has no address
    connect_failed,      ///< no address accepted a connection
    proxy_failed,        ///< the proxy refused to make a tunnel
    tls_failed,          ///< the handshake failed for a reason not named below
    tls_untrusted,   ///< the certificate is not trusted: its issuer, its key (tls.pins), or it was revoked
    tls_expired,     ///< the certificate has expired or is not valid yet
    tls_wrong_host,  ///< the certificate is for another host
    connection_lost, ///< the connection ended before the answer did

    // The server answered in a way that no correct server does.
    protocol_error = 60, ///< not HTTP/1.1 as RFC 9112 wants it
    header_too_large,    ///< the answer's header exceeds max_header_bytes
    body_too_large,      ///< the answer's body exceeds max_body_bytes
    unexpected_answer,   ///< well-formed HTTP, but not an answer of this API
    not_an_instance,     ///< discovery: what answered is not a Fluxer instance

    // The API answered with an error.
    rejected_input = 80,       ///< 400 INVALID_FORM_BODY: fields() says what
    rejected,                  ///< another 4xx; api_code() says which
    captcha_required,          ///< send the call again with a captcha token
    captcha_invalid,           ///< the captcha token was refused; a fresh one is needed
    ip_authorization_required, ///< an e-mail was sent; see ip_authorization()
    sudo_required,             ///< a further proof is needed; see sudo()
    sso_required,              ///< this server only accepts SSO logins
    unauthorized,              ///< the session token is unknown or was revoked
    passkey_failed,            ///< the passkey's answer was refused; no session has ended
    suspended,                 ///< the account is suspended
    forbidden,                 ///< any other 403
    feature_disabled,          ///< this server does not offer it
    not_supported_by_server,   ///< this server is older than the operation; the message names the generation
    not_found,                 ///< 404: often a wrong base URL
    rate_limited,              ///< retry_after() says how long to wait
    resend_cooldown,           ///< an e-mail was sent a moment ago; retry_after() says when again
    resend_limit,              ///< no further e-mail for this ticket
    server_error,              ///< 5xx with an API body
    overloaded,                ///< 503: the server is at capacity
    proxy_error,               ///< an answer without API body, made by something in front of the server
};

/// Questions that span several codes: `e.code() == condition::timeout`.
enum class condition {
    local = 1, ///< decided in this process; request_was_sent() tells whether anything had been sent
    timeout,   ///< any limit that ran out
    transport, ///< resolving, connecting, TLS or a lost connection
    tls,       ///< certificates and handshakes
    protocol,  ///< an answer that is not what HTTP or the API prescribes
    api,       ///< the API answered with an error
};

/// How far a call had come.
enum class phase : std::uint8_t {
    validation, ///< checking the request; nothing was sent
    rate_limit, ///< waiting for the rate governor's permit
    queue,      ///< waiting for a connection of the pool
    resolve,    ///< looking up the host name
    connect,    ///< TCP
    proxy,      ///< CONNECT
    tls,        ///< the TLS handshake
    send,       ///< writing the request
    first_byte, ///< waiting for the answer's first byte
    header,     ///< reading the answer's header
    body,       ///< reading the answer's body
    decode,     ///< understanding the answer
    retry_wait, ///< waiting before a further attempt
    done,       ///< the API answered
};

FLUXER_AUTH_DECL std::string_view to_string(phase value) noexcept;

/// The API's error codes that matter here (contract 6.5). Others are `unknown`; error::api_code_text() keeps
/// them.
enum class api_code : std::uint8_t {
    none, ///< the answer had no code
    unknown,
    invalid_form_body,
    bad_request,
    general_error,
    captcha_required,
    invalid_captcha,
    invalid_handoff_code,
    handoff_code_expired,
    session_token_mismatch,
    no_passkeys_registered,
    sms_mfa_not_enabled,
    sms_mfa_requires_totp,
    phone_required_for_sms_mfa,
    invalid_phone_number,
    sms_verification_unavailable,
    invalid_webauthn_credential,
    invalid_webauthn_credential_counter,
    invalid_webauthn_public_key_format,
    webauthn_credential_limit_reached,
    two_fa_not_enabled,
    two_factor_required,
    unauthorized,
    invalid_token,
    passkey_authentication_failed,
    access_denied,
    forbidden,
    ip_banned,
    invalid_api_origin,
    ip_authorization_required,
    sso_required,
    sudo_mode_required,
    account_suspended_permanently,
    account_suspended_temporarily,
    account_suspicious_activity,
    bot_user_auth_endpoint_access_denied,
    bot_user_auth_session_creation_denied,
    feature_temporarily_disabled,
    email_verification_required,
    not_found,
    unknown_user,
    unknown_webauthn_credential,
    rate_limited,
    ip_authorization_resend_cooldown,
    ip_authorization_resend_limit_exceeded,
    internal_server_error,
    invalid_webauthn_authentication_counter,
    account_disabled,
    account_scheduled_for_deletion,
    passkeys_disabled,
    phone_rate_limit_exceeded,
    invalid_sudo_token,
    invalid_auth_token,
    missing_authorization,
};

/// What a caller may do about a failed call.
enum class retry_advice : std::uint8_t {
    no,           ///< the same call would fail again, or something else has to happen first
    yes,          ///< nothing reached the server, or the operation may be repeated
    after_wait,   ///< the same, but not before retry_after()
    may_have_run, ///< the request was sent and the operation is not repeatable: find out first whether it
                  ///< took effect
};

/// One entry of a validation error (contract 6.1), made by the server or, before any I/O, by this library.
struct FLUXER_AUTH_DECL field_error
{
    field_error() = default;
    field_error(std::string path_, std::string code_, std::string message_);

    std::string path;    ///< dotted, with numeric indices: "session_id_hashes.0"; "root" for the whole body
    std::string code;    ///< e.g. "PASSWORD_LENGTH_INVALID"; may be empty (contract 6.1)
    std::string message; ///< for people

    friend bool operator==(field_error const&, field_error const&) = default;
};

/// Details of errc::ip_authorization_required (contract 9.2).
struct FLUXER_AUTH_DECL ip_authorization
{
    ip_authorization() = default;
    ip_authorization(secret ticket_, std::string email_, std::chrono::seconds resend_available_in_);

    secret ticket;                                ///< for polling and resending; lives 15 minutes
    std::string email;                            ///< where the mail went
    std::chrono::seconds resend_available_in{30}; ///< not earlier than this after received_at
    std::chrono::steady_clock::time_point received_at = std::chrono::steady_clock::now();
};

/// Details of errc::sudo_required (contract 8).
struct FLUXER_AUTH_DECL sudo_details
{
    sudo_details() = default;

    explicit sudo_details(bool has_mfa_)
        : has_mfa(has_mfa_)
    {}

    bool has_mfa = false; ///< true: only an MFA proof is accepted, a password is not looked at
    std::optional<sudo_methods>
        methods; ///< newer servers: what the account can prove itself with (contract 14)
};

/// Details of errc::captcha_required and errc::captcha_invalid; all empty at baseline (contract 7, 14).
struct FLUXER_AUTH_DECL captcha_details
{
    captcha_details() = default;

    std::string provider;                   ///< newer servers: "altcha" and others
    std::string challenge;                  ///< newer servers: the ALTCHA challenge as JSON text
    std::optional<altcha_challenge> altcha; ///< the same, understood: for solve_altcha
};

/// Details of errc::rate_limited and of the cool-down codes.
struct FLUXER_AUTH_DECL rate_limit_details
{
    rate_limit_details() = default;

    milliseconds retry_after{0};        ///< zero if the server named no time
    bool global = false;                ///< true: the limit of all operations together (contract 10.4)
    std::optional<std::uint32_t> limit; ///< X-RateLimit-Limit
    std::optional<std::uint32_t> remaining;
    std::optional<timestamp> reset; ///< when the bucket is entirely free again
};

/// Everything known about a failure. Filled by the library; public so that mocks can make errors too.
struct FLUXER_AUTH_DECL error_info
{
    error_info() = default;

    errc code = errc::unexpected_answer;
    boost::system::error_code cause; ///< what the system, TLS or the parser said
    auth::operation operation = auth::operation::raw;
    std::string_view helper; ///< static text: which function made a raw request of its own, e.g. "discover"
    auth::phase phase = auth::phase::validation;
    int http_status = 0; ///< zero: there was no answer
    auth::api_code api_code = auth::api_code::none;
    std::string api_code_text; ///< kept for unknown codes too
    std::string message;       ///< the server's or the library's words; never a secret
    std::string request_id;
    std::vector<field_error> fields;
    std::optional<milliseconds> retry_after;
    std::optional<auth::ip_authorization> ip_authorization;
    std::optional<sudo_details> sudo;
    std::optional<captcha_details> captcha;
    std::optional<rate_limit_details> rate_limit;
    std::optional<std::uint64_t> suspicious_activity_flags; ///< ACCOUNT_SUSPICIOUS_ACTIVITY (contract 6.2)
    std::optional<milliseconds> limit;                      ///< the limit that ran out
    milliseconds elapsed{0};                                ///< since the call began
    unsigned attempts = 0;
    bool request_was_sent = false; ///< any byte of the request, in any attempt
    bool answer_began = false;     ///< any byte of an answer
    bool repeatable = false;       ///< the operation may be repeated after a lost answer (contract 13)
    std::string remote_endpoint;   ///< "127.0.0.1:443"; empty: never connected
    std::string body_excerpt;      ///< at most 1 KiB of an answer that is not of the API
};

/// Why a call failed: one type for all of it. Cheap to copy.
///
/// Thread safety: may be read by any number of threads.
class FLUXER_AUTH_DECL error
{
public:
    /// No error: what result::error() returns for a result that has a value.
    error() noexcept;
    explicit error(error_info info);
    // Copying stands for moving too, so that no error is ever empty.
    error(error const&) noexcept = default;
    error& operator=(error const&) noexcept = default;
    ~error() = default;

    /// Compare with errc or condition: `e.code() == errc::rate_limited`, `e.code() == condition::timeout`.
    boost::system::error_code code() const noexcept;

    auth::operation operation() const noexcept { return info_->operation; }

    auth::phase phase() const noexcept { return info_->phase; }

    /// HTTP status; 0 if there was no answer.
    int http_status() const noexcept { return info_->http_status; }

    auth::api_code api_code() const noexcept { return info_->api_code; }

    std::string const& api_code_text() const noexcept { return info_->api_code_text; }

    std::string const& message() const noexcept { return info_->message; }

    std::string const& request_id() const noexcept { return info_->request_id; }

    std::vector<field_error> const& fields() const noexcept { return info_->fields; }

    /// The first entry whose path is `path`, or nullptr.
    field_error const* field(std::string_view path) const noexcept;

    std::optional<milliseconds> retry_after() const noexcept { return info_->retry_after; }

    /// Typed details; nullptr where the error has none.
    auth::ip_authorization const* ip_authorization() const noexcept;
    sudo_details const* sudo() const noexcept;
    captcha_details const* captcha() const noexcept;
    rate_limit_details const* rate_limit() const noexcept;

    /// Whether any byte of the request left this process, in any attempt.
    bool request_was_sent() const noexcept { return info_->request_was_sent; }

    unsigned attempts() const noexcept { return info_->attempts; }

    milliseconds elapsed() const noexcept { return info_->elapsed; }

    std::optional<milliseconds> limit() const noexcept { return info_->limit; }

    std::string const& remote_endpoint() const noexcept { return info_->remote_endpoint; }

    retry_advice advice() const noexcept;

    /// One line: operation, phase, what, and whether to retry. Never a secret, never a line break.
    std::string to_string() const;

    error_info const& info() const noexcept { return *info_; }

    friend FLUXER_AUTH_DECL std::ostream& operator<<(std::ostream& out, error const& e);

private:
    std::shared_ptr<error_info const> info_;
};

/// Thrown by result<T>::value(), and by the client's constructor for bad options.
class FLUXER_AUTH_DECL exception : public std::runtime_error
{
public:
    explicit exception(auth::error error);

    auth::error const& error() const noexcept { return error_; }

private:
    auth::error error_;
};

/// What every operation returns: a value or an error.
template <class T>
using result = boost::system::result<T, error>;

/// Found by boost::system::result when value() is called on an error.
[[noreturn]] FLUXER_AUTH_DECL void throw_exception_from_error(
    error const& e, boost::source_location const& location);

FLUXER_AUTH_DECL boost::system::error_category const& error_category() noexcept;
FLUXER_AUTH_DECL boost::system::error_category const& condition_category() noexcept;
FLUXER_AUTH_DECL boost::system::error_code make_error_code(errc value) noexcept;
FLUXER_AUTH_DECL boost::system::error_condition make_error_condition(condition value) noexcept;

} // namespace fluxer::auth

template <>
struct boost::system::is_error_code_enum<fluxer::auth::errc> : std::true_type
{};

template <>
struct boost::system::is_error_condition_enum<fluxer::auth::condition> : std::true_type
{};

#endif
