#include "wire/discovery.hpp"

#include "core/discovery.hpp"
#include "core/http_syntax.hpp"
#include "core/printable.hpp"
#include "wire/codec.hpp"
#include "wire/decode.hpp"

#include <utility>

namespace fluxer::auth::wire {

// Contract 1.2: everything is optional but one of the API's addresses.
template <>
struct description<instance_endpoints>
{
    static constexpr auto fields = std::tuple(
        field("api", &instance_endpoints::api, presence::lenient),
        field("api_client", &instance_endpoints::api_client, presence::lenient),
        field("api_public", &instance_endpoints::api_public, presence::lenient),
        field("webapp", &instance_endpoints::webapp, presence::lenient));
};

template <>
struct description<instance_captcha>
{
    static constexpr auto fields = std::tuple(
        field("provider", &instance_captcha::provider, presence::lenient),
        field("hcaptcha_site_key", &instance_captcha::hcaptcha_site_key, presence::lenient),
        field("turnstile_site_key", &instance_captcha::turnstile_site_key, presence::lenient));
};

template <>
struct description<instance_features>
{
    static constexpr auto fields = std::tuple(
        field("sms_mfa_enabled", &instance_features::sms_mfa_enabled, presence::lenient),
        field("voice_enabled", &instance_features::voice_enabled, presence::lenient),
        field("stripe_enabled", &instance_features::stripe_enabled, presence::lenient),
        field("self_hosted", &instance_features::self_hosted, presence::lenient),
        field("manual_review_enabled", &instance_features::manual_review_enabled, presence::lenient));
};

template <>
struct description<instance_sso>
{
    static constexpr auto fields = std::tuple(
        field("enabled", &instance_sso::enabled, presence::lenient),
        field("enforced", &instance_sso::enforced, presence::lenient),
        field("display_name", &instance_sso::display_name, presence::lenient),
        field("redirect_uri", &instance_sso::redirect_uri, presence::lenient));
};

template <>
struct description<instance>
{
    static constexpr auto fields = std::tuple(
        field("api_code_version", &instance::api_code_version, presence::lenient),
        field("endpoints", &instance::endpoints, presence::required),
        field("captcha", &instance::captcha, presence::lenient),
        field("features", &instance::features, presence::lenient),
        field("sso", &instance::sso, presence::lenient));
};

namespace {

namespace json = boost::json;
using kind = discovery_answer::kind;

using address = std::optional<std::string>;

bool is_given(address const& url) noexcept
{
    return url && !url->empty();
}

/// Every address that is given must be good, not only the one that is chosen.
bool read_api_base(instance& into, core::plain_http plain, std::string& problem)
{
    auto const& from = into.endpoints;
    std::pair<std::string_view, address const*> const choices[] = {
        {"api_public", &from.api_public}, {"api_client", &from.api_client}, {"api", &from.api}};
    for (auto const& [name, url] : choices) {
        if (!is_given(*url))
            continue;
        std::string why;
        auto base = core::versioned_api_base(**url, why, plain);
        if (!base) {
            problem = "`endpoints." + std::string(name) + "` " + why;
            return false;
        }
        if (into.api_base.empty())
            into.api_base = *std::move(base);
    }
    if (into.api_base.empty())
        problem = "`endpoints` names no API";
    return !into.api_base.empty();
}

bool read_webapp(instance& into, core::plain_http plain, std::string& problem)
{
    if (!is_given(into.endpoints.webapp))
        return true;
    std::string why;
    auto origin = core::origin_of(*into.endpoints.webapp, why, plain);
    if (!origin) {
        problem = "`endpoints.webapp` " + why;
        return false;
    }
    into.webapp = *std::move(origin);
    return true;
}

/// The official client refuses a server whose number is lower than its own, and this library is of version 1.
bool is_new_enough(instance const& made, std::string& problem)
{
    if (made.api_code_version.value_or(1) >= 1)
        return true;
    problem = "`api_code_version` is lower than 1";
    return false;
}

bool is_json(std::string_view content_type) noexcept
{
    auto type = content_type.substr(0, content_type.find(';'));
    while (type.ends_with(' ') || type.ends_with('\t'))
        type.remove_suffix(1);
    return core::equal_ignoring_case(type, "application/json");
}

/// Answers of the API, or of what stands in front of it, that say nothing about where the document is.
bool is_trouble(error_info const& info) noexcept
{
    return info.http_status >= 500 || info.http_status == 429 || info.api_code == api_code::ip_banned ||
           info.api_code == api_code::forbidden;
}

/// Only types that are known: a hostile server may have put into it what the request carried.
std::string name_of_type(std::string_view type)
{
    if (type.empty())
        return "no content type";
    for (auto const known : {"text/html", "text/plain", "text/xml", "application/xml"}) {
        if (type.starts_with(known))
            return known;
    }
    return "another content type";
}

discovery_answer elsewhere(answer const& from, std::string why)
{
    discovery_answer made;
    made.why.code = errc::not_an_instance;
    made.why.http_status = from.status;
    made.why.message = std::move(why);
    return made;
}

discovery_answer explain_status(answer const& from, own_secrets const& hidden)
{
    if (from.status >= 300 && from.status < 400)
        return elsewhere(from, "a redirect, which is not followed");
    error_info info;
    decode_error(from, info, hidden);
    if (!is_trouble(info))
        return elsewhere(from, "status " + std::to_string(from.status));
    discovery_answer made;
    made.what = kind::refused;
    made.why = std::move(info);
    return made;
}

} // namespace

std::optional<instance> decode_instance(
    std::string_view body, std::string& problem, bool& is_document, bool came_plain)
{
    is_document = false;
    json_document const document(body);
    if (document.root() == nullptr) {
        problem = body.empty() ? "the body is empty" : "the body is not JSON";
        return std::nullopt;
    }
    instance made;
    if (!read_object(*document.root(), made, problem))
        return std::nullopt;
    is_document = true;
    auto const plain = came_plain ? core::plain_http::allowed : core::plain_http::downgrade;
    if (!is_new_enough(made, problem) || !read_api_base(made, plain, problem) ||
        !read_webapp(made, plain, problem))
        return std::nullopt;
    made.raw = json::value(*document.root(), json::storage_ptr());
    return made;
}

discovery_answer read_discovery(answer const& from, own_secrets const& hidden, bool came_plain)
{
    if (from.status != 200)
        return explain_status(from, hidden);
    auto const type = from.headers.find("Content-Type");
    if (!is_json(type))
        return elsewhere(from, name_of_type(type) + (type.empty() ? "" : " instead of JSON"));
    std::string problem;
    bool is_document = false;
    auto found = decode_instance(from.body.view(), problem, is_document, came_plain);
    if (!found) {
        auto made = elsewhere(from, std::move(problem));
        made.what = is_document ? kind::refused : kind::elsewhere;
        return made;
    }
    discovery_answer made;
    made.what = kind::found;
    made.instance = *std::move(found);
    return made;
}

} // namespace fluxer::auth::wire

namespace fluxer::auth {

std::string instance_captcha::site_key() const
{
    if (provider == "hcaptcha")
        return hcaptcha_site_key.value_or("");
    return provider == "turnstile" ? turnstile_site_key.value_or("") : std::string();
}

client_options instance::options(client_options base) const
{
    base.base_url = api_base;
    if (auto origin = core::required_origin(api_base)) {
        // Those of an earlier discovery may be there.
        std::erase_if(base.headers, [](header const& field) {
            return core::equal_ignoring_case(field.name, "Origin");
        });
        base.headers.emplace_back("Origin", *std::move(origin));
    }
    return base;
}

} // namespace fluxer::auth
