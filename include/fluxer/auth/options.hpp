#ifndef FLUXER_AUTH_OPTIONS_HPP
#define FLUXER_AUTH_OPTIONS_HPP

#include <fluxer/auth/clock.hpp>
#include <fluxer/auth/config.hpp>
#include <fluxer/auth/rate.hpp>
#include <fluxer/auth/raw.hpp>
#include <fluxer/auth/secret.hpp>
#include <fluxer/auth/transport.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth {

class observer;

/// How long each part of a call may take. Every value: 1 ms to 24 h. The whole call never takes longer than
/// `call`.
struct FLUXER_AUTH_DECL limit_options
{
    limit_options() = default;

    /// Looking up the host name. The system asks a second name server, or again, after 5 s.
    milliseconds resolve{12'000};
    milliseconds connect{10'000};    ///< TCP, over all addresses of the host
    milliseconds proxy{10'000};      ///< the proxy's answer to CONNECT
    milliseconds tls{10'000};        ///< the TLS handshake
    milliseconds pool_wait{20'000};  ///< waiting until a connection is there, its making included
    milliseconds send{10'000};       ///< writing the request
    milliseconds first_byte{15'000}; ///< from the request's end to the answer's first byte
    milliseconds read_idle{10'000};  ///< between two reads of an answer that has begun
    milliseconds attempt{25'000};    ///< one attempt on one connection, from writing to the answer's end
    milliseconds call{30'000};       ///< the whole call, retries included; call_options::timeout overrides it
};

/// How many connections there are, and for how long. After a connection could not be made, further ones are begun one by
/// one with pauses in between, until one succeeds; if two fail in a row while no connection is left, all calls that wait
/// fail with the last one's error.
struct FLUXER_AUTH_DECL pool_options
{
    pool_options() = default;

    std::size_t max_connections = 64;     ///< 1-100'000; those being made count
    std::size_t max_connecting = 16;      ///< 1-100'000; connections made at the same time
    std::size_t max_waiting = 10'000;     ///< 0-10'000'000; a further call fails with errc::queue_full
    milliseconds idle_timeout{55'000};    ///< 1 ms-24 h; keep it below the server's own (75 s behind nginx)
    milliseconds max_age{600'000};        ///< 1 ms-24 h; an older connection is retired when it is returned
    unsigned max_age_jitter_percent = 10; ///< 0-50; spreads the end of connections made together
    std::size_t max_requests = 0;         ///< requests per connection; 0: no limit
    milliseconds dial_backoff{100};       ///< 0 ms-1 h; random pause up to this after a failure, then doubled
    milliseconds max_dial_backoff{5'000}; ///< 0 ms-1 h; the longest; less than dial_backoff: as that
};

/// When an operation that may be repeated (contract 13) is attempted again: after 502, 503 and 504, and when no
/// connection could be made or it was lost. Operations that must not be repeated never are, whatever these say.
///
/// Beside this, a call whose pooled connection turns out to have been closed by the server is repeated once on a fresh
/// one, at once, if that cannot make anything happen twice.
struct FLUXER_AUTH_DECL retry_options
{
    retry_options() = default;

    unsigned max_attempts = 3;    ///< 1-10, the first one included; 1: no retries
    milliseconds base_pause{200}; ///< 0 ms-1 h; the first pause is a random time up to this, then doubled
    milliseconds max_pause{
        5'000}; ///< 0 ms-1 h; the longest pause, unless the server asks for more; at least base_pause
    unsigned budget_percent = 10; ///< 0-100; retries per 100 calls of the client, when much fails
    unsigned budget_reserve = 10; ///< 0-1'000'000; retries beyond that in a row; 0: no retries
};

/// How the client keeps below the server's limits (contract 10), so that no call fails and no session is lost by them.
struct FLUXER_AUTH_DECL rate_options
{
    rate_options() = default;

    rate_mode mode = rate_mode::wait;
    /// Counts the requests; may be shared by clients. Null: the one of this process for that server,
    /// shared_rate_governor(base_url), or one of the client's own if a clock is injected.
    std::shared_ptr<rate_governor> governor;
};

/// An HTTP proxy, through which connections are made with CONNECT; TLS goes through it end to end. Plain HTTP is tunnelled
/// the same way, which many proxies only do for port 443.
struct FLUXER_AUTH_DECL proxy_options
{
    proxy_options() = default;
    explicit proxy_options(std::string url_);

    std::string url;      ///< `http://host:port`; empty: no proxy
    std::string username; ///< empty: none; without ':'
    secret password;      ///< sent to the proxy as Basic, over the plain connection to it
    std::string no_proxy; ///< reached directly: ASCII names, domains, addresses or "*", commas between

    /// What https_proxy (or all_proxy) and no_proxy say, in small or capital letters; http_proxy says nothing, since all is
    /// tunnelled. Nothing is read from the environment unless this is called.
    ///
    /// @returns what the variables say, unchecked: a client that is made with it says what it cannot use
    /// Errors: none but std::bad_alloc. Thread safety: any thread, as long as none changes the environment (setenv, putenv)
    ///   meanwhile: getenv reads it.
    static proxy_options from_environment();
};

struct FLUXER_AUTH_DECL tls_options
{
    tls_options() = default;

    std::string ca_file; ///< PEM file of trusted CAs; empty with ca_pem empty: the system's CAs
    std::string ca_pem;  ///< the same as text; both may be given
    std::string client_certificate_file; ///< PEM, chain included; needs client_key_file
    std::string client_key_file;         ///< PEM
    std::string server_name;             ///< for SNI and verification instead of the base URL's host
    /// PEM file of revocation lists, one of the server's CA among them; empty: revocation is not checked
    std::string crl_file;
    /// Public keys, `sha256/` and the base64 of their SubjectPublicKeyInfo's SHA-256. One of the server's chain must
    /// be among them; empty: any. Also holds with danger_accept_any_certificate, for the server's own key.
    std::vector<std::string> pins;
    bool danger_accept_any_certificate =
        false; ///< turns all verification off: for experiments, never for use
};

/// Whether more than one thread may run the client's executor.
enum class threading : std::uint8_t {
    /// An asio::strand over the executor of an io_context or a thread_pool, or over any_io_executor, is taken as it is,
    /// and so is an io_context made with concurrency hint 1; for any other executor the client makes a strand of its own.
    automatic,
    /// The executor is used as it is: the caller promises that one thread at a time runs it.
    single_thread,
};

/// Everything that a client is made with. The defaults are meant to be good; the ranges are checked when the
/// client is made, and a value outside them is an exception that names it.
struct FLUXER_AUTH_DECL client_options
{
    client_options() = default;
    /// @param base_url_ `https://host[:port][/path]`, usually ending in `/v1` (contract 1.1); for `http://` see
    ///   allow_plain_http. UTF-8, whatever the locale: an international host name is converted to its ASCII form
    ///   (`xn--…`; UTS #46, nontransitional), which is what is looked up, what the certificate must name, and what requests
    ///   and errors show. One that is ASCII stays as it is. A library built without libidn2 takes no others.
    client_options(std::string base_url_);
    client_options(char const* base_url_);

    std::string base_url = "https://api.fluxer.app/v1";
    limit_options limits;
    pool_options pool;
    tls_options tls;
    proxy_options proxy;
    retry_options retry;
    rate_options rate;

    std::string user_agent = "fluxer-auth/0.1"; ///< recorded with each session (contract 9.4)
    std::string platform;                       ///< `X-Fluxer-Platform`: "", "web", "desktop" or "mobile"
    std::string accept_language;                ///< language of the messages in errors; empty: not sent
    /// Added to every request, instead of the library's of the same name. What a call brings itself (token, captcha, sudo
    /// token, request id, language, headers) takes their place. Those that frame a message or belong to the connection are
    /// refused: Host, Content-Length, Transfer-Encoding, TE, Trailer, Connection, Keep-Alive, Upgrade, Expect,
    /// Accept-Encoding, Proxy-Authorization, Proxy-Connection.
    std::vector<header> headers;

    std::size_t max_header_bytes =
        32 * 1024; ///< 1 KiB-1 MiB; all header bytes of an answer, interim answers included
    std::size_t max_body_bytes = 1024 * 1024; ///< 1 KiB-64 MiB

    /// Takes a base_url that says `http://` (port 80 unless given). Passwords and tokens then travel readable and can be
    /// changed on their way, and nothing proves who answers: for a server on this machine or in a network that you trust.
    /// Such a base_url goes with none of the options of `tls`. An `https://` base_url means TLS as ever.
    bool allow_plain_http = false;

    auth::threading threading = auth::threading::automatic;

    /// Keeps the sudo token that an MFA proof brings for 4.5 minutes, per session, and sends it along (contract 8.4).
    bool remember_sudo = true;

    /// Told of everything that happens; may be null. Called on the client's executor.
    std::shared_ptr<auth::observer> observer;

    /// Looks a host name up and returns IP addresses as text; called on a thread of its own, may block and
    /// may throw. A lookup that hangs outlives the client, so that it must own what it uses; while four hang, others fail
    /// with errc::resolve_failed. Empty: the system's resolver.
    std::function<std::vector<std::string>(std::string const& host)> resolver;

    /// How long an answer of the resolver is used: 0-24 h.
    milliseconds resolver_cache{60'000};

    /// Takes the place of all connections, see its type. Empty: connections to base_url.
    auth::transport transport;

    /// Where the time is taken from; may be null: the system's steady clock.
    std::shared_ptr<auth::clock> clock;

    /// 64 random bits, for jitter; called on the client's executor. Empty: a generator of the client's own.
    std::function<std::uint64_t()> random;

    client_options&& with_ca_pem(std::string value) &&;
    client_options&& with_ca_file(std::string value) &&;
    client_options&& with_observer(std::shared_ptr<auth::observer> value) &&;
    client_options&& with_max_connections(std::size_t value) &&;
    client_options&& with_timeout(milliseconds value) &&;
    client_options&& with_proxy(proxy_options value) &&;
    client_options&& with_transport(auth::transport value) &&;
    client_options&& with_clock(std::shared_ptr<auth::clock> value) &&;
    client_options&& with_rate_mode(rate_mode value) &&;
    client_options&& with_remember_sudo(bool value) &&;
    client_options&& with_allow_plain_http(bool value) &&;
};

/// A captcha that the user has solved (contract 7). Works once.
struct FLUXER_AUTH_DECL captcha_proof
{
    captcha_proof() = default;
    explicit captcha_proof(secret token_, std::string type_ = {});

    secret token;
    std::string type; ///< "hcaptcha", "turnstile" or "altcha"; empty: the server's own provider
};

/// What may differ from call to call. A value out of its range fails the call with errc::invalid_request, before any
/// I/O; fields() names the option.
struct FLUXER_AUTH_DECL call_options
{
    call_options() = default;
    explicit call_options(milliseconds timeout_);

    std::optional<milliseconds> timeout; ///< 0 ms-24 h, instead of limits.call; 0 and less: fails without I/O
    std::optional<captcha_proof> captcha;     ///< for operations that ask for one
    std::optional<secret> sudo_token;         ///< `X-Fluxer-Sudo-Mode-JWT`, instead of a remembered one
    std::string request_id;                   ///< `X-Request-ID`; empty: the server makes one
    std::string accept_language;              ///< instead of the client's
    std::optional<unsigned> max_attempts;     ///< 1-10, instead of retry.max_attempts
    std::optional<auth::rate_mode> rate_mode; ///< instead of the client's
    std::vector<header> headers;              ///< instead of the client's of the same name, whatever its case

    call_options&& with_timeout(milliseconds value) &&;
    call_options&& with_captcha(captcha_proof value) &&;
    call_options&& with_sudo_token(secret value) &&;
    call_options&& with_request_id(std::string value) &&;
    call_options&& with_max_attempts(unsigned value) &&;
    call_options&& with_header(std::string name, std::string value) &&;
};

} // namespace fluxer::auth

#endif
