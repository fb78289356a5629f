#ifndef FLUXER_AUTH_INSTANCE_HPP
#define FLUXER_AUTH_INSTANCE_HPP

#include <fluxer/auth/config.hpp>
#include <fluxer/auth/options.hpp>

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace fluxer::auth {

/// What a Fluxer instance says of its addresses, as it says it (contract 1.2).
struct FLUXER_AUTH_DECL instance_endpoints
{
    instance_endpoints() = default;

    std::optional<std::string> api;        ///< base URL of the API, usually without `/v1`
    std::optional<std::string> api_client; ///< the one that the official web client uses
    std::optional<std::string> api_public; ///< the one for everybody else
    std::optional<std::string> webapp;
};

/// Which captcha the instance would ask for. Whether it asks is not told: errc::captcha_required is.
struct FLUXER_AUTH_DECL instance_captcha
{
    instance_captcha() = default;

    std::string provider = "none"; ///< "hcaptcha", "turnstile", "none", or of newer servers another
    std::optional<std::string> hcaptcha_site_key;
    std::optional<std::string> turnstile_site_key;

    /// The provider's own key, for its widget; empty if there is none.
    std::string site_key() const;
};

/// Switches of the instance; what is absent is off.
struct FLUXER_AUTH_DECL instance_features
{
    instance_features() = default;

    bool sms_mfa_enabled = false;
    bool voice_enabled = false;
    bool stripe_enabled = false;
    bool self_hosted = false;
    bool manual_review_enabled = false;
};

/// Single sign-on, as client::get_sso_status tells it too.
struct FLUXER_AUTH_DECL instance_sso
{
    instance_sso() = default;

    bool enabled = false;
    bool enforced = false;
    std::optional<std::string> display_name;
    std::optional<std::string> redirect_uri;
};

/// A Fluxer instance, as discover found it (contract 1.2).
struct FLUXER_AUTH_DECL instance
{
    instance() = default;

    /// Ready for client_options::base_url: `https://host[:port][/path]/v1`, or `http://` as the document says that came over
    /// plain HTTP, for which client_options::allow_plain_http is needed again. Of the three that the instance names this is
    /// api_public, else api_client, else api (contract 1.3); `/v1` is not added if the path ends in a version already.
    std::string api_base;
    /// `https://host[:port]` of the web app, or `http://` as above: of all mailed links, and what passkey_store wants as
    /// origin, `https://` only. Empty if the instance does not tell.
    std::string webapp;
    std::optional<std::uint32_t> api_code_version; ///< 1
    instance_endpoints endpoints;
    instance_captcha captcha;
    instance_features features;
    instance_sso sso;
    boost::json::value raw; ///< the whole document, unknown members included

    /// Options of a client for this instance.
    ///
    /// @param base everything but base_url; the official web host gets the `Origin` that it insists on (contract 1.3)
    /// @returns base with api_base as its base_url
    /// Errors: none but std::bad_alloc. Thread safety: any thread. Source: contract 1.1, 1.3.
    client_options options(client_options base = {}) const;
};

} // namespace fluxer::auth

#endif
