#include "sandbox/operations.hpp"
#include "sandbox/random.hpp"
#include "sandbox/text.hpp"

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr std::chrono::minutes ticket_life{15};
constexpr std::chrono::seconds result_life{60};
constexpr std::chrono::seconds resend_cooldown{30};
constexpr std::size_t ip_ticket_length = 64;

} // namespace

reply start_ip_authorization(call& now, account const& who)
{
    auto ticket = random_base62(ip_ticket_length);
    auto token =
        now.server.new_mail_token({mail_purpose::ip_authorization, who.id, ticket}, now.now, ticket_life);
    now.server.send(who.email, "ip_authorization", "/authorize-ip", token, now.now);

    boost::json::object extra;
    extra["ip_authorization_required"] = true;
    extra["ticket"] = ticket;
    extra["email"] = who.email;
    extra["resend_available_in"] = resend_cooldown.count();
    ip_ticket waiting{who.id, who.email, std::move(token), now.trace(), now.now + resend_cooldown, false};
    now.server.ip_tickets.put(std::move(ticket), std::move(waiting), now.now, ticket_life);
    return api_error(403, "IP_AUTHORIZATION_REQUIRED", std::move(extra));
}

reply authorize_ip_address(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const token = fields.text("token");
    if (fields.failed())
        return fields.errors();
    auto const meaning = now.server.take_mail_token(token, mail_purpose::ip_authorization, now.now);
    auto const waiting = meaning ? now.server.ip_tickets.take(meaning->detail, now.now) : std::nullopt;
    auto* who = waiting ? now.server.find_account(waiting->user_id) : nullptr;
    if (!who)
        return uncoded_form_error("token", "Invalid or expired authorization token");
    who->authorized_ips.insert(waiting->client.ip);
    auto made = now.server.add_session(*who, waiting->client, now.now);
    now.server.ip_results.put(meaning->detail, {std::move(made), who->id}, now.now, result_life);
    return no_content();
}

reply resend_ip_authorization(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const ticket = fields.text("ticket");
    if (fields.failed())
        return fields.errors();
    auto* waiting = now.server.ip_tickets.find(ticket, now.now);
    if (!waiting)
        return uncoded_form_error("ticket", "Invalid or expired authorization ticket");
    if (waiting->resent)
        return api_error(429, "IP_AUTHORIZATION_RESEND_LIMIT_EXCEEDED");
    if (now.now < waiting->resend_at) {
        boost::json::object extra;
        extra["resend_available_in"] =
            std::chrono::ceil<std::chrono::seconds>(waiting->resend_at - now.now).count();
        return api_error(429, "IP_AUTHORIZATION_RESEND_COOLDOWN", std::move(extra));
    }
    waiting->resent = true;
    now.server.send(waiting->email, "ip_authorization", "/authorize-ip", waiting->mail_token, now.now);
    return no_content();
}

reply poll_ip_authorization(call& now)
{
    // A parameter goes through the same rules as a member of a body.
    boost::json::object parameters;
    if (auto const ticket = query_parameter(now.in.query(), "ticket"); ticket && !ticket->empty())
        parameters["ticket"] = to_valid_utf8(*ticket);
    boost::json::value const values(std::move(parameters));
    form fields(values, now.speaks);
    auto const ticket = fields.text("ticket");
    if (fields.failed())
        return fields.errors();

    boost::json::object body;
    if (auto const* result = now.server.ip_results.find(ticket, now.now)) {
        body = token_members(now, *result);
        body["completed"] = true;
        return json_reply(body);
    }
    if (!now.server.ip_tickets.find(ticket, now.now))
        return coded_form_error("ticket", "INVALID_OR_EXPIRED_AUTHORIZATION_TICKET");
    body["completed"] = false;
    return json_reply(body);
}

} // namespace fluxer::auth::sandbox_detail
