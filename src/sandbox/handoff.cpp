#include "sandbox/operations.hpp"
#include "sandbox/random.hpp"
#include "sandbox/text.hpp"

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

struct path_code
{
    std::optional<std::string> code;
    reply error;
};

path_code read_path_code(call& now)
{
    boost::json::object parameters;
    parameters["code"] = to_valid_utf8(now.path_argument);
    boost::json::value const values(std::move(parameters));
    form fields(values, now.speaks);
    auto const text = fields.text("code");
    if (fields.failed())
        return {std::nullopt, fields.errors()};
    return {normalise_code(text), api_error(400, "INVALID_HANDOFF_CODE")};
}

} // namespace

reply initiate_handoff(call& now)
{
    auto const code = random_text(alphabet, code_length);
    auto const expires = now.now + handoff_life;
    now.server.handoffs.put(code, std::nullopt, now.now, handoff_life);
    boost::json::object body;
    body["code"] = code.substr(0, 4) + "-" + code.substr(4);
    body["expires_at"] = to_iso8601(expires);
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

    auto const* approver = now.server.find_session(token);
    auto* who = approver ? now.server.find_account(approver->user_id) : nullptr;
    if (!who)
        return api_error(401, "INVALID_TOKEN");
    if (who->id != user_id)
        return api_error(400, "SESSION_TOKEN_MISMATCH");
    // Before the code is looked at: a bad one leaves the session behind (contract 5.26).
    auto made = now.server.add_session(*who, now.trace(), now.now);
    auto const code = normalise_code(entered);
    auto* waiting = code ? now.server.handoffs.find(*code, now.now) : nullptr;
    if (!waiting || waiting->has_value())
        return api_error(400, "INVALID_HANDOFF_CODE");
    *waiting = token_result{std::move(made), who->id};
    return no_content();
}

reply get_handoff_status(call& now)
{
    auto const path = read_path_code(now);
    if (!path.code)
        return path.error;
    boost::json::object body;
    auto const* found = now.server.handoffs.find(*path.code, now.now);
    if (!found) {
        body["status"] = "expired";
    } else if (!found->has_value()) {
        body["status"] = "pending";
    } else {
        body["status"] = "completed";
        body["token"] = (*found)->token;
        body["user_id"] = (*found)->user_id;
        now.server.handoffs.erase(*path.code); // delivered once
    }
    return json_reply(body);
}

reply cancel_handoff(call& now)
{
    auto const path = read_path_code(now);
    if (!path.code)
        return path.error;
    now.server.handoffs.erase(*path.code);
    return no_content();
}

} // namespace fluxer::auth::sandbox_detail
