#include "operations.hpp"

#include "answers.hpp"
#include "values.hpp"

#include "conformance/typed_call.hpp"

#include <boost/json/parse.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace fluxer::auth::faults {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;

// No temporaries with a destructor beside co_await: g++ 12 destroys them twice.

asio::awaitable<reply> reply_to(asio::awaitable<conformance::outcome> work)
{
    auto got = co_await std::move(work);
    reply made;
    if (got.has_error())
        made.error = got.error();
    else
        made.value = json_of(*got);
    co_return made;
}

asio::awaitable<reply> reply_to_raw(asio::awaitable<result<raw_response>> work)
{
    auto got = co_await std::move(work);
    reply made;
    if (got.has_error())
        made.error = got.error();
    else
        made.raw = std::move(*got);
    co_return made;
}

asio::awaitable<reply> reply_to_warm_up(asio::awaitable<result<std::size_t>> work)
{
    auto got = co_await std::move(work);
    reply made;
    if (got.has_error())
        made.error = got.error();
    else
        made.value = static_cast<std::int64_t>(*got);
    co_return made;
}

asio::awaitable<reply> reply_to_shutdown(asio::awaitable<void> work)
{
    co_await std::move(work);
    co_return reply();
}

operation_plan read_raw(members& call)
{
    raw_request request("POST", "/auth/x");
    operation_plan plan;
    if (auto const from = call.find("request")) {
        members fields(*from);
        request.method = fields.text("method", request.method);
        if (auto const target = fields.find("target"))
            request.target = bytes_of(*target);
        if (auto const body = fields.find("body"))
            request.body = secret(bytes_of(*body));
        if (auto const token = fields.find("token")) {
            plan.secrets.push_back(bytes_of(*token));
            request.token = secret(plan.secrets.back());
        }
        request.repeatable = fields.flag("repeatable");
        if (auto const headers = fields.find("headers"))
            for (auto const& pair : headers->list()) {
                auto const parts = pair.list();
                if (parts.size() != 2)
                    pair.fail("must be a name and a value");
                request.headers.emplace_back(bytes_of(parts[0]), bytes_of(parts[1]));
            }
        fields.finish();
    }
    plan.make = [request](client& with, call_options options) {
        return reply_to_raw(with.send(request, std::move(options)));
    };
    return plan;
}

operation_plan read_warm_up(members& call)
{
    std::size_t count = 1;
    if (auto const from = call.find("request")) {
        members fields(*from);
        count = fields.need("connections").size();
        fields.finish();
    }
    return {
        [count](client& with, call_options options) {
            return reply_to_warm_up(with.warm_up(count, std::move(options)));
        },
        {}};
}

operation_plan read_shutdown(members& call)
{
    milliseconds grace(5'000);
    if (auto const from = call.find("request")) {
        members fields(*from);
        grace = fields.milliseconds("grace_ms", grace);
        fields.finish();
    }
    return {[grace](client& with, call_options) { return reply_to_shutdown(with.shutdown(grace)); }, {}};
}

/// A good request of each operation, for scripts that have nothing to say about it.
constexpr std::pair<std::string_view, std::string_view> good_requests[] = {
    {"complete_sso", R"({"code":"code-of-a-script","state":"state-of-a-script"})"},
    {"register_account", R"({"date_of_birth":"1990-01-31","consent":true})"},
    {"login_user", R"({"email":"me@example.com","password":"correct horse battery"})"},
    {"login_with_totp", R"({"code":"123456","ticket":"ticket-of-a-script"})"},
    {"send_sms_mfa_code", R"({"ticket":"ticket-of-a-script"})"},
    {"login_with_sms_mfa", R"({"code":"123456","ticket":"ticket-of-a-script"})"},
    {"get_webauthn_mfa_options", R"({"ticket":"ticket-of-a-script"})"},
    {"verify_email", R"({"token":"mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm"})"},
    {"forgot_password", R"({"email":"me@example.com"})"},
    {"reset_password",
     R"({"token":"mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm","password":"correct horse battery"})"},
    {"revert_email_change",
     R"({"token":"mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm","password":"correct horse battery"})"},
    {"logout_all_sessions", R"({"session_id_hashes":[],"password":"correct horse battery"})"},
    {"authorize_ip_address", R"({"token":"token-of-a-script"})"},
    {"resend_ip_authorization", R"({"ticket":"ticket-of-a-script"})"},
    {"get_username_suggestions", R"({"global_name":"Ada"})"},
    {"complete_handoff", R"({"code":"ABCD-EFGH","token":"flx_of_a_script","user_id":"1"})"},
};

json::value good_request(std::string_view operation)
{
    for (auto const& [name, text] : good_requests)
        if (name == operation)
            return json::parse({text.data(), text.size()});
    return json::object();
}

std::string good_parameter(std::string_view operation)
{
    return operation == "poll_ip_authorization" ? "ticket-of-a-script" : "ABCD-EFGH";
}

/// Whatever must not be seen: passwords, tokens, tickets and codes.
void collect_secrets(json::object const& request, std::vector<std::string>& into)
{
    for (std::string_view const name : {"password", "token", "ticket", "code", "mfa_code", "state"})
        if (auto const* member = request.if_contains(name); member != nullptr && member->is_string())
            into.emplace_back(member->get_string().data(), member->get_string().size());
}

std::optional<auth::operation> operation_named(std::string_view name)
{
    for (std::uint8_t index = 0; index < static_cast<std::uint8_t>(auth::operation::raw); ++index)
        if (auto const each = static_cast<auth::operation>(index); to_string(each) == name)
            return each;
    return std::nullopt;
}

operation_plan read_typed(members& call, item const& name, auth::operation what)
{
    auto const request_item = call.find("request");
    auto const request = request_item ? request_item->value() : good_request(name.text());
    if (!request.is_object())
        request_item->fail("must be an object");
    operation_plan plan;
    collect_secrets(request.get_object(), plan.secrets);
    auto const token = call.find("token");
    plan.secrets.push_back(token ? bytes_of(*token) : "flx_of_a_script");
    auto const parameter = call.find("parameter");
    conformance::body_reader body(request.get_object());
    conformance::request_parts parts;
    parts.token = secret(plan.secrets.back());
    auto const in_path = parameter ? bytes_of(*parameter) : good_parameter(name.text());
    if (parameter)
        plan.secrets.push_back(in_path);
    parts.parameter = secret(in_path);
    parts.body = &body;
    auto bound = conformance::bind(what, parts);
    if (auto const problem = body.problem(); !problem.empty())
        (request_item ? *request_item : name).fail("the request: " + problem);
    plan.make = [bound = std::move(bound)](client& with, call_options options) {
        return reply_to(bound(with, std::move(options)));
    };
    return plan;
}

} // namespace

operation_plan read_operation(members& call)
{
    auto const name = call.need("operation");
    auto const text = name.text();
    if (text == "send")
        return read_raw(call);
    if (text == "warm_up")
        return read_warm_up(call);
    if (text == "shutdown")
        return read_shutdown(call);
    auto const what = operation_named(text);
    if (!what)
        name.fail("there is no operation '" + text + "'");
    return read_typed(call, name, *what);
}

} // namespace fluxer::auth::faults
