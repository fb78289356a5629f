#include "options.hpp"

#include "trust.hpp"
#include "values.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace fluxer::auth::faults {

namespace {

/// One row for each option that is a number, a duration in milliseconds or a text: the names are the library's.
template <class Options>
struct option
{
    std::string_view name;
    void (*set)(Options&, item const&);
};

template <auto Member, class Options>
void set_duration(Options& options, item const& from)
{
    options.*Member = from.milliseconds();
}

template <auto Member, class Options>
void set_size(Options& options, item const& from)
{
    options.*Member = from.size();
}

template <auto Member, class Options>
void set_text(Options& options, item const& from)
{
    options.*Member = bytes_of(from);
}

template <auto Member, class Options>
void set_flag(Options& options, item const& from)
{
    options.*Member = from.flag();
}

template <auto Member, class Options>
void set_count(Options& options, item const& from)
{
    options.*Member = static_cast<unsigned>(from.integer(0, 1'000'000'000));
}

std::vector<header> headers_of(item const& from)
{
    std::vector<header> made;
    for (auto const& pair : from.list()) {
        auto const parts = pair.list();
        if (parts.size() != 2)
            pair.fail("must be a name and a value");
        made.emplace_back(bytes_of(parts[0]), bytes_of(parts[1]));
    }
    return made;
}

template <class Options>
void set_headers(Options& options, item const& from)
{
    options.headers = headers_of(from);
}

constexpr std::array<option<limit_options>, 10> limit_rows{{
    {"resolve", set_duration<&limit_options::resolve>},
    {"connect", set_duration<&limit_options::connect>},
    {"proxy", set_duration<&limit_options::proxy>},
    {"tls", set_duration<&limit_options::tls>},
    {"pool_wait", set_duration<&limit_options::pool_wait>},
    {"send", set_duration<&limit_options::send>},
    {"first_byte", set_duration<&limit_options::first_byte>},
    {"read_idle", set_duration<&limit_options::read_idle>},
    {"attempt", set_duration<&limit_options::attempt>},
    {"call", set_duration<&limit_options::call>},
}};

constexpr std::array<option<pool_options>, 9> pool_rows{{
    {"max_connections", set_size<&pool_options::max_connections>},
    {"max_connecting", set_size<&pool_options::max_connecting>},
    {"max_waiting", set_size<&pool_options::max_waiting>},
    {"idle_timeout", set_duration<&pool_options::idle_timeout>},
    {"max_age", set_duration<&pool_options::max_age>},
    {"max_age_jitter_percent", set_count<&pool_options::max_age_jitter_percent>},
    {"max_requests", set_size<&pool_options::max_requests>},
    {"dial_backoff", set_duration<&pool_options::dial_backoff>},
    {"max_dial_backoff", set_duration<&pool_options::max_dial_backoff>},
}};

constexpr std::array<option<retry_options>, 5> retry_rows{{
    {"max_attempts", set_count<&retry_options::max_attempts>},
    {"base_pause", set_duration<&retry_options::base_pause>},
    {"max_pause", set_duration<&retry_options::max_pause>},
    {"budget_percent", set_count<&retry_options::budget_percent>},
    {"budget_reserve", set_count<&retry_options::budget_reserve>},
}};

void set_rate_mode(rate_options& options, item const& from)
{
    auto const mode = from.text();
    if (mode == "wait")
        options.mode = rate_mode::wait;
    else if (mode == "fail_fast")
        options.mode = rate_mode::fail_fast;
    else if (mode == "off")
        options.mode = rate_mode::off;
    else
        from.fail("must be wait, fail_fast or off");
}

constexpr std::array<option<rate_options>, 1> rate_rows{{
    {"mode", set_rate_mode},
}};

constexpr std::array<option<tls_options>, 2> tls_rows{{
    {"server_name", set_text<&tls_options::server_name>},
    {"danger_accept_any_certificate", set_flag<&tls_options::danger_accept_any_certificate>},
}};

constexpr std::array<option<client_options>, 8> client_rows{{
    {"allow_plain_http", set_flag<&client_options::allow_plain_http>},
    {"user_agent", set_text<&client_options::user_agent>},
    {"platform", set_text<&client_options::platform>},
    {"accept_language", set_text<&client_options::accept_language>},
    {"headers", set_headers<client_options>},
    {"max_header_bytes", set_size<&client_options::max_header_bytes>},
    {"max_body_bytes", set_size<&client_options::max_body_bytes>},
    {"resolver_cache", set_duration<&client_options::resolver_cache>},
}};

void set_timeout(call_options& options, item const& from)
{
    options.timeout = from.milliseconds();
}

void set_max_attempts(call_options& options, item const& from)
{
    options.max_attempts = static_cast<unsigned>(from.integer(0, 1'000'000));
}

void set_sudo(call_options& options, item const& from)
{
    options.sudo_token = secret(bytes_of(from));
}

void set_captcha(call_options& options, item const& from)
{
    options.captcha = captcha_proof(secret(bytes_of(from)));
}

constexpr std::array<option<call_options>, 7> call_rows{{
    {"timeout", set_timeout},
    {"max_attempts", set_max_attempts},
    {"sudo_token", set_sudo},
    {"captcha", set_captcha},
    {"request_id", set_text<&call_options::request_id>},
    {"accept_language", set_text<&call_options::accept_language>},
    {"headers", set_headers<call_options>},
}};

template <class Rows, class Options>
void read_rows(members& fields, Rows const& rows, Options& into)
{
    for (auto const& row : rows)
        if (auto const found = fields.find(row.name))
            row.set(into, *found);
}

template <class Rows, class Options>
void read_group(members& fields, std::string_view name, Rows const& rows, Options& into)
{
    if (auto const found = fields.find(name)) {
        members inner(*found);
        read_rows(inner, rows, into);
        inner.finish();
    }
}

void set_password(proxy_options& options, item const& from)
{
    options.password = secret(bytes_of(from));
}

constexpr std::array<option<proxy_options>, 4> proxy_rows{{
    {"url", set_text<&proxy_options::url>},
    {"username", set_text<&proxy_options::username>},
    {"password", set_password},
    {"no_proxy", set_text<&proxy_options::no_proxy>},
}};

void read_proxy(members& fields, client_plan& into)
{
    auto& proxy = into.options.proxy;
    read_group(fields, "proxy", proxy_rows, proxy);
    if (proxy.password.empty())
        return;
    into.secrets.emplace_back(proxy.password.reveal());
    into.secrets.push_back(base64(proxy.username + ":" + into.secrets.back()));
}

void read_tls(members& fields, trust_reader& reader, client_plan& into)
{
    std::optional<item> trust;
    if (auto const tls = fields.find("tls")) {
        members inner(*tls);
        trust = inner.find("trust");
        into.certificate = inner.flag("client_certificate");
        read_rows(inner, tls_rows, into.options.tls);
        if (auto const pins = inner.find("pins"))
            into.options.tls.pins = reader.pins(*pins);
        if (auto const crl = inner.find("crl"))
            into.crl = reader.revocation_lists(*crl);
        inner.finish();
    }
    // Plain HTTP takes no options of TLS, so that only scripts about just that give any.
    if (trust || !into.base_url.starts_with("http://"))
        into.options.tls.ca_pem = reader.trusted(trust);
}

/// Of all connections that say nothing else.
std::optional<item> server_certificate(members& script)
{
    auto const server = script.find("server");
    auto const tls = server ? members(*server).find("tls") : std::nullopt;
    return tls ? members(*tls).find("certificate") : std::nullopt;
}

} // namespace

client_plan read_client(members& script, identities& with)
{
    static boost::json::value const nothing = boost::json::object();
    auto const client = script.find("client");
    members fields(client ? *client : item(nothing, "$.client"));
    client_plan made;
    auto& options = made.options;
    made.base_url = fields.text("base_url", "https://localhost:{port}/v1");
    made.observer_throws = fields.flag("observer_throws");
    read_group(fields, "limits", limit_rows, options.limits);
    read_group(fields, "pool", pool_rows, options.pool);
    read_group(fields, "retry", retry_rows, options.retry);
    read_group(fields, "rate", rate_rows, options.rate);
    // Scripts follow one another; a port, and what it was used for, comes again.
    options.rate.governor = std::make_shared<local_rate_governor>();
    read_proxy(fields, made);
    trust_reader reader(with, server_certificate(script));
    read_tls(fields, reader, made);
    read_rows(fields, client_rows, options);
    fields.finish();
    return made;
}

call_options read_call_options(item const& from)
{
    call_options made;
    members fields(from);
    read_rows(fields, call_rows, made);
    fields.finish();
    return made;
}

} // namespace fluxer::auth::faults
