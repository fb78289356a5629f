#include "core/options_check.hpp"

#include "core/http_syntax.hpp"
#include "core/origin.hpp"
#include "core/printable.hpp"
#include "core/proxy.hpp"

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace fluxer::auth::core {

namespace {

using namespace std::chrono_literals;

/// Empty: no problem.
using problem = std::string;

template <class Options, class Value>
struct range_rule
{
    std::string_view name;
    Value Options::*member;
    Value least;
    Value most;
};

constexpr milliseconds longest = 24h;
constexpr milliseconds longest_pause = 1h;
constexpr unsigned most_attempts = 10;

constexpr std::array<range_rule<limit_options, milliseconds>, 10> limit_rules{{
    {"limits.resolve", &limit_options::resolve, 1ms, longest},
    {"limits.connect", &limit_options::connect, 1ms, longest},
    {"limits.proxy", &limit_options::proxy, 1ms, longest},
    {"limits.tls", &limit_options::tls, 1ms, longest},
    {"limits.pool_wait", &limit_options::pool_wait, 1ms, longest},
    {"limits.send", &limit_options::send, 1ms, longest},
    {"limits.first_byte", &limit_options::first_byte, 1ms, longest},
    {"limits.read_idle", &limit_options::read_idle, 1ms, longest},
    {"limits.attempt", &limit_options::attempt, 1ms, longest},
    {"limits.call", &limit_options::call, 1ms, longest},
}};

constexpr std::array<range_rule<pool_options, std::size_t>, 3> pool_size_rules{{
    {"pool.max_connections", &pool_options::max_connections, 1, 100'000},
    {"pool.max_connecting", &pool_options::max_connecting, 1, 100'000},
    {"pool.max_waiting", &pool_options::max_waiting, 0, 10'000'000},
}};

constexpr std::array<range_rule<pool_options, milliseconds>, 4> pool_duration_rules{{
    {"pool.idle_timeout", &pool_options::idle_timeout, 1ms, longest},
    {"pool.max_age", &pool_options::max_age, 1ms, longest},
    {"pool.dial_backoff", &pool_options::dial_backoff, 0ms, longest_pause},
    {"pool.max_dial_backoff", &pool_options::max_dial_backoff, 0ms, longest_pause},
}};

constexpr std::array<range_rule<pool_options, unsigned>, 1> pool_percent_rules{{
    {"pool.max_age_jitter_percent", &pool_options::max_age_jitter_percent, 0, 50},
}};

constexpr std::array<range_rule<retry_options, unsigned>, 3> retry_count_rules{{
    {"retry.max_attempts", &retry_options::max_attempts, 1, most_attempts},
    {"retry.budget_percent", &retry_options::budget_percent, 0, 100},
    {"retry.budget_reserve", &retry_options::budget_reserve, 0, 1'000'000},
}};

constexpr std::array<range_rule<retry_options, milliseconds>, 2> retry_pause_rules{{
    {"retry.base_pause", &retry_options::base_pause, 0ms, longest_pause},
    {"retry.max_pause", &retry_options::max_pause, 0ms, longest_pause},
}};

constexpr std::array<range_rule<client_options, std::size_t>, 2> byte_rules{{
    {"max_header_bytes", &client_options::max_header_bytes, 1024, 1024 * 1024},
    {"max_body_bytes", &client_options::max_body_bytes, 1024, 64 * 1024 * 1024},
}};

constexpr std::array<range_rule<client_options, milliseconds>, 1> cache_rules{{
    {"resolver_cache", &client_options::resolver_cache, 0ms, longest},
}};

constexpr std::array<std::string_view, 4> platforms{"", "web", "desktop", "mobile"};

std::string text_of(milliseconds value)
{
    constexpr milliseconds hour = 1h;
    if (value >= hour && value % hour == 0ms)
        return std::to_string(value / hour) + " h";
    return std::to_string(value.count()) + " ms";
}

template <class Number>
std::string text_of(Number value)
{
    return std::to_string(value);
}

template <class Value>
problem check_range(std::string_view name, Value value, Value least, Value most)
{
    if (value >= least && value <= most)
        return {};
    return std::string(name) + " is " + text_of(value) + "; it must be " + text_of(least) + "-" +
           text_of(most);
}

template <class Options, class Value, std::size_t Count>
problem check_ranges(Options const& options, std::array<range_rule<Options, Value>, Count> const& rules)
{
    for (auto const& rule : rules) {
        auto found = check_range(rule.name, options.*rule.member, rule.least, rule.most);
        if (!found.empty())
            return found;
    }
    return {};
}

problem check_value(std::string_view name, std::string_view value)
{
    if (is_field_value(value))
        return {};
    return std::string(name) +
           " can't be a header's value: it has a control character, or a blank at its start or end";
}

problem check_secret(std::string_view name, secret const& value)
{
    if (value.empty())
        return std::string(name) + " is empty";
    return check_value(name, value.reveal());
}

problem check_header(std::string const& place, header const& entry)
{
    if (!is_token(entry.name))
        return place + ".name is \"" + printable(entry.name, 60) +
               "\"; it must be a token of RFC 9110: letters, digits and !#$%&'*+-.^_`|~";
    if (is_connection_header(entry.name))
        return place + ".name is \"" + printable(entry.name, 60) + "\"; this header is the client's own";
    return check_value(place + ".value (" + printable(entry.name, 60) + ")", entry.value);
}

problem check_headers(std::vector<header> const& headers)
{
    for (std::size_t index = 0; index < headers.size(); ++index) {
        auto found = check_header("headers[" + std::to_string(index) + "]", headers[index]);
        if (!found.empty())
            return found;
    }
    return {};
}

/// Whoever set one of these counts on it, and plain HTTP would pass it over.
std::string_view first_given(tls_options const& options)
{
    std::pair<std::string_view, bool> const all[] = {
        {"tls.ca_file", !options.ca_file.empty()},
        {"tls.ca_pem", !options.ca_pem.empty()},
        {"tls.client_certificate_file", !options.client_certificate_file.empty()},
        {"tls.client_key_file", !options.client_key_file.empty()},
        {"tls.server_name", !options.server_name.empty()},
        {"tls.crl_file", !options.crl_file.empty()},
        {"tls.pins", !options.pins.empty()},
        {"tls.danger_accept_any_certificate", options.danger_accept_any_certificate},
    };
    for (auto const& [name, given] : all) {
        if (given)
            return name;
    }
    return {};
}

problem check_base_url(client_options const& options)
{
    std::string reason;
    auto const origin = parse_origin(options.base_url, reason, allowed_if(options.allow_plain_http));
    if (!origin)
        return "base_url " + reason;
    if (auto const given = origin->is_plain() ? first_given(options.tls) : ""; !given.empty())
        return std::string(given) + " is set, but base_url begins with http://, where there is no TLS";
    return {};
}

problem check_pool(pool_options const& options)
{
    if (auto found = check_ranges(options, pool_size_rules); !found.empty())
        return found;
    if (auto found = check_ranges(options, pool_duration_rules); !found.empty())
        return found;
    return check_ranges(options, pool_percent_rules);
}

bool is_address(std::string const& text)
{
    return boost::urls::parse_ipv4_address(text).has_value() ||
           boost::urls::parse_ipv6_address(text).has_value();
}

problem check_retry(retry_options const& options)
{
    if (auto found = check_ranges(options, retry_count_rules); !found.empty())
        return found;
    return check_ranges(options, retry_pause_rules);
}

problem check_proxy(proxy_options const& options)
{
    if (options.url.empty())
        return {};
    std::string reason;
    if (!parse_proxy(options.url, reason))
        return "proxy.url " + reason;
    if (options.username.find(':') != std::string::npos)
        return "proxy.username holds a ':', which Basic authentication cannot carry";
    if (options.username.empty() && !options.password.empty())
        return "proxy.password is set; proxy.username must be set too";
    return {};
}

/// `sha256/` and 32 bytes in base64.
bool is_pin(std::string_view text)
{
    constexpr std::string_view prefix = "sha256/";
    constexpr std::size_t encoded = 44;
    if (!text.starts_with(prefix) || text.size() != prefix.size() + encoded || !text.ends_with('='))
        return false;
    text = text.substr(prefix.size(), encoded - 1);
    return text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") ==
           std::string_view::npos;
}

problem check_tls(tls_options const& options)
{
    if (!options.client_certificate_file.empty() && options.client_key_file.empty())
        return "tls.client_certificate_file is set; tls.client_key_file must be set too";
    if (options.client_certificate_file.empty() && !options.client_key_file.empty())
        return "tls.client_key_file is set; tls.client_certificate_file must be set too";
    for (std::size_t index = 0; index < options.pins.size(); ++index) {
        if (!is_pin(options.pins[index]))
            return "tls.pins[" + std::to_string(index) + "] is \"" + printable(options.pins[index], 60) +
                   "\"; it must be sha256/ and the base64 of 32 bytes";
    }
    if (options.danger_accept_any_certificate && !options.crl_file.empty())
        return "tls.crl_file is set, but tls.danger_accept_any_certificate turns all verification off";
    auto const& name = options.server_name;
    if (name.empty() || is_host_name(name) || is_address(name))
        return {};
    return "tls.server_name is \"" + printable(name, 60) + "\"; it must be a host name or an IP address";
}

problem check_platform(std::string const& platform)
{
    if (std::find(platforms.begin(), platforms.end(), platform) != platforms.end())
        return {};
    return "platform is \"" + printable(platform, 60) + "\"; it must be web, desktop, mobile or empty";
}

problem check_texts(client_options const& options)
{
    if (auto found = check_value("user_agent", options.user_agent); !found.empty())
        return found;
    if (auto found = check_platform(options.platform); !found.empty())
        return found;
    if (auto found = check_value("accept_language", options.accept_language); !found.empty())
        return found;
    return check_headers(options.headers);
}

problem find_problem(client_options const& options)
{
    if (auto found = check_base_url(options); !found.empty())
        return found;
    if (auto found = check_ranges(options.limits, limit_rules); !found.empty())
        return found;
    if (auto found = check_pool(options.pool); !found.empty())
        return found;
    if (auto found = check_tls(options.tls); !found.empty())
        return found;
    if (auto found = check_proxy(options.proxy); !found.empty())
        return found;
    if (auto found = check_retry(options.retry); !found.empty())
        return found;
    if (auto found = check_texts(options); !found.empty())
        return found;
    if (auto found = check_ranges(options, byte_rules); !found.empty())
        return found;
    return check_ranges(options, cache_rules);
}

problem check_captcha(captcha_proof const& captcha)
{
    if (auto found = check_secret("captcha.token", captcha.token); !found.empty())
        return found;
    return check_value("captcha.type", captcha.type);
}

problem find_problem(call_options const& options)
{
    if (options.timeout && *options.timeout > longest)
        return check_range("timeout", *options.timeout, 0ms, longest);
    if (options.max_attempts) {
        if (auto found = check_range("max_attempts", *options.max_attempts, 1U, most_attempts);
            !found.empty())
            return found;
    }
    if (options.captcha) {
        if (auto found = check_captcha(*options.captcha); !found.empty())
            return found;
    }
    if (options.sudo_token) {
        if (auto found = check_secret("sudo_token", *options.sudo_token); !found.empty())
            return found;
    }
    if (auto found = check_value("request_id", options.request_id); !found.empty())
        return found;
    if (auto found = check_value("accept_language", options.accept_language); !found.empty())
        return found;
    return check_headers(options.headers);
}

std::optional<error_info> as_error(problem found)
{
    if (found.empty())
        return std::nullopt;
    error_info info;
    info.code = errc::invalid_option;
    info.message = std::move(found);
    return info;
}

/// Every problem begins with the option's name: "headers[0].value (X-One) can't be …" is one of "headers.0.value".
field_error field_of(problem const& found)
{
    auto const end = found.find(' ');
    field_error made(found.substr(0, end), {}, found.substr(end + 1));
    std::erase(made.path, ']');
    std::replace(made.path.begin(), made.path.end(), '[', '.');
    return made;
}

} // namespace

std::optional<error_info> check(client_options const& options)
{
    return as_error(find_problem(options));
}

std::optional<error_info> check(call_options const& options)
{
    auto found = as_error(find_problem(options));
    if (found)
        found->fields.push_back(field_of(found->message));
    return found;
}

std::optional<error_info> check(std::vector<header> const& headers)
{
    return as_error(check_headers(headers));
}

} // namespace fluxer::auth::core
