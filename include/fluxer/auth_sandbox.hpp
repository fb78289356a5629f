#ifndef FLUXER_AUTH_SANDBOX_HPP
#define FLUXER_AUTH_SANDBOX_HPP

/// An in-memory Fluxer authentication server over HTTPS, or plain HTTP, for testing programs against it.
///
/// It speaks all 28 operations of the authentication API with their state machines and life times, listens on
/// a loopback address only, and keeps nothing on disk. docs/sandbox.md tells how to use it from other
/// processes.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxer::auth {

/// Which server it plays. The contract fixes the first; the second is derived from its section 14.
enum class sandbox_generation {
    /// Of 2026-02-19: the 28 operations, as the contract has them.
    g2026_02,
    /// Newer: handoffs with poll_secret, info and denial; ALTCHA as the captcha; codes of MFA errors; no MFA by SMS;
    /// bans and pending approvals as answers 200; decimal waits; masked addresses; the operations of
    /// `sandbox::newer_operation_ids()`.
    g2026_09,
};

/// How a sandbox starts. Everything that has a setter in `sandbox` can be changed later.
struct sandbox_options
{
    sandbox_options() = default;

    /// Loopback address to listen on: "127.0.0.1" (default) or "::1". Anything else is refused.
    std::string address = "127.0.0.1";
    /// 0 (default) lets the system pick a free port; `sandbox::port()` tells which.
    unsigned short port = 0;
    /// Threads that serve requests, 1 to 64.
    unsigned threads = 1;
    /// Requests under way at which the server answers 503 (contract 6.3), 1 to 1,000,000.
    unsigned max_in_flight = 500;
    /// A connection without traffic is closed after this long, 1 s to 1 h.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds{75};

    /// Speak plain HTTP instead of HTTPS, for clients with `client_options::allow_plain_http`.
    bool plain_http = false;

    sandbox_generation generation = sandbox_generation::g2026_02;

    /// Demand a captcha on register, login and forgot. "good-token" passes, any other token is rejected. In generation
    /// 2026-09 it is ALTCHA: errors carry a challenge, and each solution passes once.
    bool captcha = false;
    /// The greatest number that an ALTCHA challenge may want, 1 to 10,000,000.
    std::uint32_t altcha_max_number = 1'000;
    /// Apply the limits of contract section 10 and send the X-RateLimit headers.
    bool rate_limits = false;
    /// Switch SSO on, which also enforces it (contract 5.1).
    bool sso = false;
    std::string sso_display_name = "Sandbox IdP";
    /// Let an SSO login of an unknown address make an account.
    bool sso_auto_provision = true;
    /// Ask for IP authorization on a login from an IP that the account has not used.
    bool ip_authorization = true;
    /// Without it, SMS codes are "sent" into the void (contract 5.7).
    bool sms_service = true;
    /// Generation 2026-09: registrations wait for an approval, and get no token.
    bool registration_approval = false;
    /// Generation 2026-09: where an approved handoff sends the browser. Empty: nowhere, the answer is a 204.
    std::string handoff_return_url{};
    /// Generation 2026-09: so many answers 4xx within a minute get an IP banned for 24 h. 0: none do, since tests make
    /// many errors.
    unsigned error_ban_threshold = 0;
    /// Where requests without X-Forwarded-For are taken to come from.
    std::string client_ip = "127.0.0.1";

    /// Origin of the web app: of e-mailed links, and the one that passkey assertions must carry.
    std::string origin = "https://web.fluxer.test";
    /// Relying party id of passkeys.
    std::string rp_id = "web.fluxer.test";
};

/// An account to be made directly, without the register operation.
struct sandbox_account
{
    sandbox_account() = default;

    sandbox_account(std::string email_address, std::string account_password)
        : email(std::move(email_address))
        , password(std::move(account_password))
    {}

    /// Empty for an unclaimed account, which has no e-mail address.
    std::string email;
    /// Empty for an account without password, as SSO makes them.
    std::string password;
    /// Empty: made up from the address.
    std::string username;
    bool verified = true;
    /// IPs from which a login needs no authorization. Empty: the sandbox's `client_ip` at the time.
    std::vector<std::string> authorized_ips;
};

/// One e-mail that the server would have sent.
struct sandbox_mail
{
    std::string to;
    /// "verify", "reset", "ip_authorization" or "email_revert".
    std::string kind;
    /// The 64 characters that the link carries.
    std::string token;
    /// Complete URL as in the mail, with the token in its fragment.
    std::string link;
    std::chrono::sys_time<std::chrono::milliseconds> time;
};

enum class sandbox_suspension { none, temporary, permanent };

/// What the server does instead of answering properly.
enum class sandbox_fault_kind {
    /// Only the latency; then the true answer.
    delay,
    /// `status` as JSON of the API itself, `{"code":"INTERNAL_SERVER_ERROR",…}` for 500 and alike.
    status,
    /// `status` as an HTML page of a reverse proxy, without X-Request-ID.
    html,
    /// `status` with `body` as it stands, as JSON: for answers that no state of the sandbox leads to.
    answer,
    /// 503 with `Retry-After: 5` and a JSON body without code (contract 6.3).
    overloaded,
    /// The connection is reset when the request has been read; the request has no effect.
    reset_before,
    /// The request takes effect, then the connection is reset instead of an answer.
    reset_after,
    /// The request takes effect, half of the answer is sent, then the connection is reset.
    truncate,
    /// The connection is reset when it is accepted, before TLS. Only for the operation "*".
    refuse,
};

struct sandbox_fault
{
    sandbox_fault() = default;

    explicit sandbox_fault(sandbox_fault_kind what, int count = 1)
        : kind(what)
        , remaining(count)
    {}

    sandbox_fault_kind kind = sandbox_fault_kind::delay;
    /// Wait before anything else happens, real time, 0 to 1 h.
    std::chrono::milliseconds latency{0};
    /// For `status` and `html`, 400 to 599; for `answer`, 200 to 599.
    int status = 502;
    /// For `answer`.
    std::string body;
    /// How many requests (connections for `refuse`) it hits; -1 = until cleared.
    int remaining = 1;
};

/// Numbers since the start of the sandbox. Requests to the control API are not counted.
struct sandbox_counters
{
    std::uint64_t connections_accepted = 0;
    std::uint64_t connections_open = 0;
    std::uint64_t tls_handshakes = 0;
    /// Of those handshakes, the ones that resumed a session.
    std::uint64_t tls_resumptions = 0;
    std::uint64_t requests = 0;
    std::uint64_t in_flight = 0;
    std::uint64_t in_flight_max = 0;
    std::uint64_t faults_injected = 0;
    /// Key: operation id as in `sandbox::operation_ids()` and `sandbox::newer_operation_ids()`, "discovery",
    /// "get_current_user", "get_sudo_methods", "send_sudo_sms_code", "get_sudo_webauthn_options", "health", or "unknown"
    /// for everything else. Counted whether or not the sandbox's generation has the operation.
    std::map<std::string, std::uint64_t> requests_by_operation;
};

/// The server. It serves from its own threads from construction to destruction.
///
/// All member functions but the destructor may be called from any thread at any time. They block only for the
/// lock of the server's state (microseconds), never for the network. Those that name an account by its e-mail
/// address ignore upper and lower case, and throw `std::invalid_argument` if there is no such account.
class sandbox
{
public:
    /// Generates a certificate authority and a certificate for localhost, 127.0.0.1 and ::1, and listens.
    /// @throws std::invalid_argument for an option out of its range
    /// @throws std::system_error if the address cannot be listened on
    explicit sandbox(sandbox_options options = {});

    /// Closes all connections at once and joins the threads.
    ~sandbox();

    sandbox(sandbox const&) = delete;
    sandbox& operator=(sandbox const&) = delete;

    /// Base URL for a client, e.g. "https://localhost:40123/v1"; "http://…" with `plain_http`.
    std::string base_url() const;

    /// The port listened on.
    unsigned short port() const;

    /// The certificate authority that a client has to trust, in PEM; empty with `plain_http`.
    std::string ca_pem() const;

    /// Ids of the 28 operations, as in the table of the API.
    static std::span<std::string_view const> operation_ids();

    /// Ids of what only generation 2026-09 has. "poll_handoff" is get_handoff_status by POST.
    static std::span<std::string_view const> newer_operation_ids();

    // --- mail and SMS -------------------------------------------------------------------------------------

    /// All mails so far, oldest first; with an address only those to it.
    std::vector<sandbox_mail> outbox(std::string_view address = {}) const;

    /// The newest mail of a kind (see `sandbox_mail::kind`) to an address, if any.
    std::optional<sandbox_mail> last_mail(std::string_view address, std::string_view kind) const;

    void clear_outbox();

    /// The code of the newest SMS to the account's phone, if any was sent.
    std::optional<std::string> last_sms(std::string_view email) const;

    // --- time ---------------------------------------------------------------------------------------------

    /// Moves the server's clock, to let tickets expire without waiting. Fault latencies and the idle timeout
    /// of connections go by the real clock.
    /// @param by 0 ms or more
    /// @throws std::invalid_argument for a negative duration
    void advance_clock(std::chrono::milliseconds by);

    /// The server's time: the system clock plus all advances.
    std::chrono::sys_time<std::chrono::milliseconds> now() const;

    // --- settings, as in sandbox_options ------------------------------------------------------------------

    void set_client_ip(std::string ip);
    void set_generation(sandbox_generation generation);
    void set_registration_approval(bool on);
    void set_handoff_return_url(std::string url);
    void set_error_ban_threshold(unsigned errors);
    void set_captcha(bool on);
    /// Switching on starts with empty buckets.
    void set_rate_limits(bool on);
    void set_sso(bool on);
    void set_sso_auto_provision(bool on);
    void set_ip_authorization(bool on);
    void set_sms_service(bool on);
    /// Every request from this IP is answered 403 IP_BANNED.
    void ban_ip(std::string ip);
    void unban_ip(std::string_view ip);

    // --- accounts -----------------------------------------------------------------------------------------

    /// Makes an account without sending a mail.
    /// @returns its user id
    /// @throws std::invalid_argument if the address is taken
    std::string create_account(sandbox_account account);

    /// The id of an account, if there is one with that address.
    std::optional<std::string> user_id_of(std::string_view email) const;

    /// Switches TOTP on with a new secret.
    /// @returns the secret in base32, for an authenticator app or RFC 6238 code
    std::string enable_totp(std::string_view email);

    /// The TOTP code of the account at the server's time, 6 digits.
    /// @throws std::invalid_argument if the account has no TOTP
    std::string totp_code(std::string_view email) const;

    /// Adds ten backup codes of the form xxxx-xxxx.
    std::vector<std::string> add_backup_codes(std::string_view email);

    /// Switches SMS on.
    /// @param phone E.164, e.g. "+15550001234"; its last four digits appear in challenges
    void enable_sms(std::string_view email, std::string phone);

    /// Registers a passkey (ES256).
    /// @param credential_id base64url without padding
    /// @param public_key P-256 key as SubjectPublicKeyInfo DER or as COSE_Key
    /// @param user_handle base64url without padding, as the authenticator returns it; empty: not checked
    /// @throws std::invalid_argument if the key is neither or the credential id is taken
    void add_passkey(
        std::string_view email, std::string credential_id, std::span<unsigned char const> public_key,
        std::string user_handle = {});

    /// In generation 2026-09 a login with the right password is then answered 200, with a `ban_view_token`.
    void set_suspended(std::string_view email, sandbox_suspension suspension);

    /// Makes it a bot account, which may not log in (403 BOT_USER_AUTH_ENDPOINT_ACCESS_DENIED).
    void set_bot(std::string_view email, bool on);

    /// @param flags non-zero bits lock the account out of all but a few operations
    void set_suspicious(std::string_view email, int flags);

    /// Changes the account's address and mails a revert token to the old one.
    /// @throws std::invalid_argument also if the new address is taken
    void start_email_change(std::string_view email, std::string new_email);

    /// Logs the account in, past everything that could stand in the way.
    /// @returns a session token
    std::string create_session(std::string_view email);

    /// Token for `Authorization: Bot …`.
    std::string create_bot_token(std::string_view email);

    /// OAuth2 access token for `Authorization: Bearer …`.
    std::string create_oauth_token(std::string_view email);

    /// Id hashes of the account's sessions, newest use first.
    std::vector<std::string> sessions_of(std::string_view email) const;

    /// Whether a token belongs to a session that has not ended.
    bool is_session(std::string_view token) const;

    /// Ends one session.
    /// @returns whether there was one
    bool end_session(std::string_view token);

    // --- observation and faults ---------------------------------------------------------------------------

    sandbox_counters counters() const;

    /// Sets the fault of an operation, replacing the one it had.
    /// @param operation an operation id, or "*" for all that have none of their own
    /// @throws std::invalid_argument for an unknown operation or a value out of its range
    void set_fault(std::string_view operation, sandbox_fault fault);

    void clear_faults();

    /// Forgets accounts, sessions, tickets, mails and limits; settings, clock and counters stay.
    void reset();

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace fluxer::auth

#endif
