#include "cli/control_client.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <stdexcept>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

/// The control API lies beside the API's own prefix, not below it.
client_options without_prefix(client_options options)
{
    constexpr std::string_view prefix = "/v1";
    if (options.base_url.ends_with(prefix))
        options.base_url.resize(options.base_url.size() - prefix.size());
    // Its requests are no operations, and count against no limit.
    options.rate.mode = rate_mode::off;
    return options;
}

raw_request request_of(std::string_view method, std::string_view path)
{
    return raw_request(std::string(method), "/_sandbox/" + std::string(path));
}

raw_request post(std::string_view path, json::object const& body)
{
    return request_of("POST", path).with_body(json::serialize(body));
}

std::string text_in(json::object const& from, std::string_view name)
{
    auto const* value = from.if_contains(name);
    if (!value || !value->is_string())
        throw std::runtime_error("the sandbox's answer lacks " + std::string(name));
    return std::string(value->get_string());
}

std::uint64_t count_in(json::object const& from, std::string_view name)
{
    auto const* value = from.if_contains(name);
    boost::system::error_code not_a_count;
    auto const count = value ? value->to_number<std::uint64_t>(not_a_count) : 0;
    if (!value || not_a_count)
        throw std::runtime_error("the sandbox's answer lacks " + std::string(name));
    return count;
}

/// Operations that nobody has asked for yet may be left out.
std::uint64_t requests_of(json::object const& counters, std::string_view operation)
{
    auto const* all = counters.if_contains("requests_by_operation");
    if (!all || !all->is_object())
        throw std::runtime_error("the sandbox's answer lacks requests_by_operation");
    auto const& by_operation = all->get_object();
    return by_operation.contains(operation) ? count_in(by_operation, operation) : 0;
}

} // namespace

control_client::control_client(client::executor_type executor, client_options options)
    : client_(std::move(executor), without_prefix(std::move(options)))
{}

asio::awaitable<json::object> control_client::ask(raw_request request)
{
    auto answer = co_await client_.send(std::move(request));
    auto const& got = answer.value();
    if (got.status < 200 || got.status > 299)
        throw std::runtime_error("the sandbox's control API answered " + std::to_string(got.status));
    auto parsed = json::parse(got.body.reveal());
    co_return std::move(parsed.as_object());
}

asio::awaitable<bool> control_client::is_there()
{
    auto request = request_of("GET", "settings");
    auto const answer = co_await client_.send(std::move(request));
    auto const& got = answer.value();
    boost::system::error_code not_json;
    auto const body = json::parse(got.body.reveal(), not_json);
    co_return got.status == 200 && !not_json && body.is_object() && body.get_object().contains("generation");
}

asio::awaitable<void> control_client::choose(std::string generation, bool rate_limits)
{
    json::object body;
    body["generation"] = generation;
    body["rate_limits"] = rate_limits;
    auto request = post("settings", body);
    co_await ask(std::move(request));
}

asio::awaitable<made_account> control_client::make_account(wanted_account wanted)
{
    json::object body;
    body["email"] = wanted.email;
    body["password"] = wanted.password.reveal();
    if (!wanted.address.empty())
        body["authorized_ips"].emplace_array().emplace_back(wanted.address);
    body["totp"] = wanted.totp;
    auto request = post("accounts", body);
    auto const answer = co_await ask(std::move(request));
    made_account made;
    made.user_id = text_in(answer, "user_id");
    if (wanted.totp)
        made.totp_key = secret(text_in(answer, "totp_secret"));
    co_return made;
}

asio::awaitable<session> control_client::create_session(std::string email)
{
    json::object body;
    body["email"] = email;
    auto request = post("sessions", body);
    auto const answer = co_await ask(std::move(request));
    co_return session(secret(text_in(answer, "token")), snowflake(text_in(answer, "user_id")));
}

asio::awaitable<void> control_client::create_account(std::string email, secret password)
{
    json::object body;
    body["email"] = email;
    body["password"] = password.reveal();
    auto request = post("accounts", body);
    co_await ask(std::move(request));
}

asio::awaitable<secret> control_client::enable_totp(std::string email)
{
    json::object body;
    body["email"] = email;
    body["totp"] = true;
    auto request = post("accounts", body);
    auto const answer = co_await ask(std::move(request));
    co_return secret(text_in(answer, "totp_secret"));
}

asio::awaitable<secret> control_client::mailed_link(std::string email, std::string_view kind)
{
    auto request = request_of("GET", "outbox?to=" + email + "&kind=" + std::string(kind));
    auto const answer = co_await ask(std::move(request));
    auto const* mails = answer.if_contains("mails");
    if (!mails || !mails->is_array() || mails->get_array().empty())
        throw std::runtime_error("no mail of kind " + std::string(kind) + " to " + email);
    co_return secret(text_in(mails->get_array().back().as_object(), "link"));
}

asio::awaitable<std::uint64_t> control_client::session_count(std::string email)
{
    auto request = request_of("GET", "accounts?email=" + email);
    auto const answer = co_await ask(std::move(request));
    co_return count_in(answer, "sessions");
}

asio::awaitable<server_counts> control_client::counts()
{
    auto request = request_of("GET", "counters");
    auto const answer = co_await ask(std::move(request));
    server_counts counts;
    counts.connections = count_in(answer, "connections_accepted");
    counts.requests = count_in(answer, "requests");
    counts.logins = requests_of(answer, "login_user");
    counts.lists = requests_of(answer, "list_auth_sessions");
    counts.logouts = requests_of(answer, "logout_user");
    co_return counts;
}

} // namespace fluxer::auth::cli
