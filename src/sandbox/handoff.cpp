#include "sandbox/crypto.hpp"
#include "sandbox/operations.hpp"
#include "sandbox/random.hpp"
#include "sandbox/text.hpp"
#include "sandbox/user_agent.hpp"

#include <algorithm>

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
constexpr std::size_t code_length = 8;
constexpr std::chrono::minutes handoff_life{5};

/// Without hyphens and blanks, in upper case; empty if malformed (contract 9.1).
std::optional<std::string> normalise_code(std::string_view code)
{
    std::string plain;
    for (char const c : code) {
        if (c == '-' || c == ' ')
            continue;
        plain.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    }
    bool const known = std::all_of(
        plain.begin(), plain.end(), [](char c) { return alphabet.find(c) != std::string_view::npos; });
    return known && plain.size() == code_length ? std::optional{plain} : std::nullopt;
}

constexpr std::size_t poll_secret_length = 64;

// Contract 14; the number is derived.
constexpr unsigned most_strikes = 5;
constexpr std::chrono::minutes lock_out{15};

reply bad_code()
{
    return api_error(400, "INVALID_HANDOFF_CODE");
}

bool is_locked_out(call const& now)
{
    auto const* strikes = now.server.handoff_strikes.find(now.client_ip, now.now);
    return now.newer() && strikes && *strikes >= most_strikes;
}

/// A bad code, counted: in newer servers several lock the IP out.
reply strike(call& now)
{
    auto const* before = now.server.handoff_strikes.find(now.client_ip, now.now);
    now.server.handoff_strikes.put(now.client_ip, before ? *before + 1 : 1, now.now, lock_out);
    return bad_code();
}

struct path_code
{
    std::optional<std::string> code;
    reply error;
};

path_code read_path_code(call& now)
{
    if (is_locked_out(now))
        return {std::nullopt, bad_code()};
    boost::json::object parameters;
    parameters["code"] = to_valid_utf8(now.path_argument);
    boost::json::value const values(std::move(parameters));
    form fields(values, now.speaks);
    auto const text = fields.text("code");
    if (fields.failed())
        return {std::nullopt, fields.errors()};
    auto code = normalise_code(text);
    if (!code)
        return {std::nullopt, strike(now)};
    return {std::move(code), {}};
}

/// Whether the body has the secret of the device that initiated the handoff.
bool knows_poll_secret(call const& now, waiting_handoff const& waiting)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const given = fields.optional_text("poll_secret", presence::optional).value_or("");
    return waiting.poll_secret.empty() || equal_in_constant_time(given, waiting.poll_secret);
}

reply status_reply(std::string_view word)
{
    boost::json::object body;
    body["status"] = word;
    return json_reply(body);
}

/// Delivers the session, once.
reply deliver(call& now, std::string const& code, waiting_handoff const& waiting)
{
    auto body = token_members(now, *waiting.result);
    body["status"] = "completed";
    now.server.handoffs.erase(code);
    return json_reply(body);
}

boost::json::object describe(client_trace const& device)
{
    boost::json::object client;
    client["platform"] = device.desktop ? "Fluxer Desktop" : browser_of(device.user_agent);
    client["os"] = system_of(device.user_agent);
    client["device"] = device.desktop ? "desktop" : "browser";
    return client;
}

std::string_view return_method(call const& now)
{
    return now.server.settings.handoff_return_url.empty() ? "poll" : "redirect";
}

/// One that still can be completed or denied.
waiting_handoff* find_open(call& now, std::string_view code)
{
    auto* const found = now.server.handoffs.find(code, now.now);
    return found && !found->result && !found->denied ? found : nullptr;
}

reply completed_reply(call const& now)
{
    auto const& url = now.server.settings.handoff_return_url;
    if (!now.newer() || url.empty())
        return no_content();
    boost::json::object body;
    body["return_url"] = url;
    return json_reply(body);
}

} // namespace

reply initiate_handoff(call& now)
{
    auto const code = random_text(alphabet, code_length);
    waiting_handoff waiting;
    waiting.device = now.trace();
    waiting.expires = now.now + handoff_life;
    boost::json::object body;
    body["code"] = code.substr(0, 4) + "-" + code.substr(4);
    body["expires_at"] = to_iso8601(waiting.expires);
    if (now.newer()) {
        waiting.poll_secret = random_base62(poll_secret_length);
        body["poll_secret"] = waiting.poll_secret;
        body["return_method"] = return_method(now);
    }
    now.server.handoffs.put(code, std::move(waiting), now.now, handoff_life);
    return json_reply(body);
}

reply complete_handoff(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const entered = fields.text("code");
    auto const token = fields.text("token");
    auto const user_id = fields.text("user_id");
    if (fields.failed())
        return fields.errors();
    if (is_locked_out(now))
        return bad_code();

    auto const* approver = now.server.find_session(token);
    auto* who = approver ? now.server.find_account(approver->user_id) : nullptr;
    if (!who)
        return api_error(401, "INVALID_TOKEN");
    if (who->id != user_id)
        return api_error(400, "SESSION_TOKEN_MISMATCH");
    // Before the code is looked at: a bad one leaves the session behind (contract 5.26).
    auto made = now.server.add_session(*who, now.trace(), now.now);
    auto const code = normalise_code(entered);
    auto* const waiting = code ? find_open(now, *code) : nullptr;
    if (!waiting)
        return strike(now);
    waiting->result = token_result{std::move(made), who->id};
    return completed_reply(now);
}

reply get_handoff_status(call& now)
{
    auto const path = read_path_code(now);
    if (!path.code)
        return path.error;
    auto const* found = now.server.handoffs.find(*path.code, now.now);
    if (!found)
        return status_reply("expired");
    if (found->denied)
        return status_reply("denied");
    // One that has a poll_secret is not delivered without (contract 14).
    if (!found->result || (now.newer() && !found->poll_secret.empty()))
        return status_reply("pending");
    return deliver(now, *path.code, *found);
}

reply poll_handoff(call& now)
{
    auto const path = read_path_code(now);
    if (!path.code)
        return path.error;
    auto const* found = now.server.handoffs.find(*path.code, now.now);
    if (!found)
        return status_reply("expired");
    if (!knows_poll_secret(now, *found))
        return strike(now);
    if (found->denied)
        return status_reply("denied");
    return found->result ? deliver(now, *path.code, *found) : status_reply("pending");
}

reply cancel_handoff(call& now)
{
    auto const path = read_path_code(now);
    if (!path.code)
        return path.error;
    auto const* found = now.server.handoffs.find(*path.code, now.now);
    if (found && !knows_poll_secret(now, *found))
        return strike(now);
    now.server.handoffs.erase(*path.code);
    return no_content();
}

reply get_handoff_info(call& now)
{
    auto const path = read_path_code(now);
    if (!path.code)
        return path.error;
    auto const* found = find_open(now, *path.code);
    if (!found)
        return strike(now);
    boost::json::object body;
    body["status"] = "pending";
    body["client_info"] = describe(found->device);
    body["masked_ip"] = masked_ip(found->device.ip);
    body["expires_at"] = to_iso8601(found->expires);
    body["return_method"] = return_method(now);
    return json_reply(body);
}

reply deny_handoff(call& now)
{
    auto const path = read_path_code(now);
    if (!path.code)
        return path.error;
    auto* const found = now.server.handoffs.find(*path.code, now.now);
    if (!found || found->result)
        return strike(now);
    found->denied = true;
    return no_content();
}

} // namespace fluxer::auth::sandbox_detail
