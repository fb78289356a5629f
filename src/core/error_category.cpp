#include <fluxer/auth/error.hpp>

#include <string>

namespace fluxer::auth {

namespace {

std::string_view describe(errc value) noexcept
{
    switch (value) {
    case errc::invalid_request:
        return "the request breaks a rule of the API";
    case errc::invalid_option:
        return "an option is out of its range";
    case errc::shut_down:
        return "the client was shut down";
    case errc::queue_full:
        return "too many calls wait for a connection";
    case errc::no_passkey:
        return "no passkey is there that the server would accept";
    case errc::wrong_passphrase:
        return "the passphrase is wrong or the sealed data were altered";
    case errc::captcha_expired:
        return "the captcha's challenge has expired";
    case errc::captcha_unsolved:
        return "the captcha's challenge has no solution within the bounds";
    case errc::cancelled:
        return "the call was cancelled";
    case errc::timed_out:
        return "a time limit ran out";
    case errc::resolve_failed:
        return "the host name has no address";
    case errc::connect_failed:
        return "no address accepted a connection";
    case errc::proxy_failed:
        return "the proxy refused to make a tunnel";
    case errc::tls_failed:
        return "the TLS handshake failed";
    case errc::tls_untrusted:
        return "the server's certificate is not trusted";
    case errc::tls_expired:
        return "the server's certificate has expired or is not valid yet";
    case errc::tls_wrong_host:
        return "the server's certificate is for another host";
    case errc::connection_lost:
        return "the connection ended before the answer did";
    case errc::protocol_error:
        return "the answer is not valid HTTP/1.1";
    case errc::header_too_large:
        return "the answer's header is too large";
    case errc::body_too_large:
        return "the answer's body is too large";
    case errc::unexpected_answer:
        return "the answer is not one of this API";
    case errc::not_an_instance:
        return "what answered is not a Fluxer instance";
    case errc::rejected_input:
        return "the server rejected a field of the request";
    case errc::rejected:
        return "the server rejected the request";
    case errc::captcha_required:
        return "a captcha token is needed";
    case errc::captcha_invalid:
        return "the captcha token was refused";
    case errc::ip_authorization_required:
        return "the login has to be confirmed by e-mail";
    case errc::sudo_required:
        return "a further proof of identity is needed";
    case errc::sso_required:
        return "this server only accepts single sign-on";
    case errc::unauthorized:
        return "the session token is unknown or was revoked";
    case errc::passkey_failed:
        return "the passkey's answer was refused";
    case errc::suspended:
        return "the account is suspended";
    case errc::forbidden:
        return "the server forbids it";
    case errc::feature_disabled:
        return "this server does not offer it";
    case errc::not_supported_by_server:
        return "this server is older than the operation";
    case errc::not_found:
        return "the server does not know this path";
    case errc::rate_limited:
        return "too many requests";
    case errc::resend_cooldown:
        return "an e-mail was sent a moment ago";
    case errc::resend_limit:
        return "no further e-mail is sent";
    case errc::server_error:
        return "the server failed";
    case errc::overloaded:
        return "the server is at capacity";
    case errc::proxy_error:
        return "something in front of the server answered in its place";
    }
    return value == errc{} ? "no error" : "unknown error";
}

std::string_view describe(condition value) noexcept
{
    switch (value) {
    case condition::local:
        return "decided by the client";
    case condition::timeout:
        return "a time limit ran out";
    case condition::transport:
        return "no working connection to the server";
    case condition::tls:
        return "no trustworthy TLS connection";
    case condition::protocol:
        return "not an answer that HTTP or the API prescribes";
    case condition::api:
        return "the API answered with an error";
    }
    return "unknown condition";
}

bool in_range(errc value, errc first, errc last) noexcept
{
    return value >= first && value <= last;
}

bool matches(errc value, condition wanted) noexcept
{
    switch (wanted) {
    case condition::local:
        return in_range(value, errc::invalid_request, errc::captcha_unsolved) || value == errc::cancelled;
    case condition::timeout:
        return value == errc::timed_out;
    case condition::transport:
        return in_range(value, errc::resolve_failed, errc::connection_lost);
    case condition::tls:
        return in_range(value, errc::tls_failed, errc::tls_wrong_host);
    case condition::protocol:
        return in_range(value, errc::protocol_error, errc::not_an_instance);
    case condition::api:
        return in_range(value, errc::rejected_input, errc::proxy_error);
    }
    return false;
}

class code_category final : public boost::system::error_category
{
public:
    char const* name() const noexcept override { return "fluxer.auth"; }

    std::string message(int value) const override { return std::string(describe(static_cast<errc>(value))); }
};

class conditions final : public boost::system::error_category
{
public:
    char const* name() const noexcept override { return "fluxer.auth.condition"; }

    std::string message(int value) const override
    {
        return std::string(describe(static_cast<condition>(value)));
    }

    bool equivalent(boost::system::error_code const& code, int value) const noexcept override
    {
        return code.category() == auth::error_category() &&
               matches(static_cast<errc>(code.value()), static_cast<condition>(value));
    }
};

} // namespace

boost::system::error_category const& error_category() noexcept
{
    static code_category const category;
    return category;
}

boost::system::error_category const& condition_category() noexcept
{
    static conditions const category;
    return category;
}

boost::system::error_code make_error_code(errc value) noexcept
{
    return {static_cast<int>(value), error_category()};
}

boost::system::error_condition make_error_condition(condition value) noexcept
{
    return {static_cast<int>(value), condition_category()};
}

} // namespace fluxer::auth
