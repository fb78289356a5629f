#include "sandbox/control_api.hpp"

#include "sandbox/control_accounts.hpp"
#include "sandbox/engine.hpp"
#include "sandbox/errors.hpp"
#include "sandbox/routes.hpp"
#include "sandbox/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <stdexcept>

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr std::string_view prefix = "/_sandbox/";

reply get_outbox(control_call const& now)
{
    auto const to = now.parameter("to");
    auto const kind = now.parameter("kind");
    auto const mails = now.server.with_state([&to](state& st, time_point) { return st.mails.mails(to); });
    boost::json::array all;
    for (auto const& mail : mails) {
        if (!kind.empty() && kind != mail.kind)
            continue;
        boost::json::object entry;
        entry["to"] = mail.to;
        entry["kind"] = mail.kind;
        entry["token"] = mail.token;
        entry["link"] = mail.link;
        entry["time"] = to_iso8601(mail.time);
        all.push_back(std::move(entry));
    }
    boost::json::object body;
    body["mails"] = std::move(all);
    return json_reply(body);
}

reply delete_outbox(control_call const& now)
{
    now.server.with_state([](state& st, time_point) { st.mails.clear(); });
    return no_content();
}

reply get_certificate(control_call const& now)
{
    reply answer;
    answer.content_type = "application/x-pem-file";
    answer.body = now.server.with_state([](state& st, time_point) { return st.ca_pem; });
    return answer;
}

reply get_clock(control_call const& now)
{
    boost::json::object body;
    body["now"] = to_iso8601(now.server.clock.now());
    return json_reply(body);
}

reply advance_clock(control_call const& now)
{
    auto const by = now.number("advance_ms").value_or(0);
    if (by < 0)
        throw std::invalid_argument("advance_ms must be 0 or more");
    now.server.clock.advance(std::chrono::milliseconds{by});
    return get_clock(now);
}

boost::json::object describe(sandbox_options const& settings)
{
    boost::json::object body;
    body["generation"] = settings.generation == sandbox_generation::g2026_09 ? "2026-09" : "2026-02";
    body["captcha"] = settings.captcha;
    body["rate_limits"] = settings.rate_limits;
    body["sso"] = settings.sso;
    body["sso_auto_provision"] = settings.sso_auto_provision;
    body["ip_authorization"] = settings.ip_authorization;
    body["sms_service"] = settings.sms_service;
    body["registration_approval"] = settings.registration_approval;
    body["handoff_return_url"] = settings.handoff_return_url;
    body["error_ban_threshold"] = settings.error_ban_threshold;
    body["client_ip"] = settings.client_ip;
    body["origin"] = settings.origin;
    body["rp_id"] = settings.rp_id;
    return body;
}

reply get_settings(control_call const& now)
{
    return now.server.with_state([](state& st, time_point) { return json_reply(describe(st.settings)); });
}

std::optional<sandbox_generation> generation_in(control_call const& now)
{
    auto const name = now.text("generation");
    if (name && name != "2026-02" && name != "2026-09")
        throw std::invalid_argument("generation must be 2026-02 or 2026-09");
    if (!name)
        return std::nullopt;
    return name == "2026-09" ? sandbox_generation::g2026_09 : sandbox_generation::g2026_02;
}

reply change_settings(control_call const& now)
{
    auto const generation = generation_in(now);
    auto const threshold = now.number("error_ban_threshold");
    if (threshold && (*threshold < 0 || *threshold > 1'000'000))
        throw std::invalid_argument("error_ban_threshold must be between 0 and 1,000,000");
    auto const set = [&now](bool& setting, std::string_view name) {
        setting = now.flag(name).value_or(setting);
    };
    now.server.with_state([&](state& st, time_point) {
        auto& settings = st.settings;
        bool const had_limits = settings.rate_limits;
        set(settings.captcha, "captcha");
        set(settings.rate_limits, "rate_limits");
        set(settings.sso, "sso");
        set(settings.sso_auto_provision, "sso_auto_provision");
        set(settings.ip_authorization, "ip_authorization");
        set(settings.sms_service, "sms_service");
        set(settings.registration_approval, "registration_approval");
        settings.generation = generation.value_or(settings.generation);
        settings.handoff_return_url = now.text("handoff_return_url").value_or(settings.handoff_return_url);
        if (threshold)
            settings.error_ban_threshold = static_cast<unsigned>(*threshold);
        settings.client_ip = now.text("client_ip").value_or(settings.client_ip);
        if (settings.rate_limits && !had_limits)
            st.limits.clear();
    });
    return get_settings(now);
}

reply ban(control_call const& now)
{
    auto const ip = now.required_text("ip");
    now.server.with_state([&ip](state& st, time_point) { st.banned_ips.insert(ip); });
    return no_content();
}

reply unban(control_call const& now)
{
    auto const ip = now.parameter("ip");
    now.server.with_state([&ip](state& st, time_point) { st.banned_ips.erase(ip); });
    return no_content();
}

reply get_counters(control_call const& now)
{
    auto const counters = now.server.counters.read();
    boost::json::object operations;
    for (auto const& [id, count] : counters.requests_by_operation)
        operations[id] = count;
    boost::json::object body;
    body["connections_accepted"] = counters.connections_accepted;
    body["connections_open"] = counters.connections_open;
    body["tls_handshakes"] = counters.tls_handshakes;
    body["tls_resumptions"] = counters.tls_resumptions;
    body["requests"] = counters.requests;
    body["in_flight"] = counters.in_flight;
    body["in_flight_max"] = counters.in_flight_max;
    body["faults_injected"] = counters.faults_injected;
    body["requests_by_operation"] = std::move(operations);
    return json_reply(body);
}

reply set_fault(control_call const& now)
{
    auto const kind = fault_kind_from(now.required_text("kind"));
    if (!kind)
        throw std::invalid_argument("unknown kind of fault");
    sandbox_fault fault(*kind);
    fault.latency = std::chrono::milliseconds{now.number("latency_ms").value_or(0)};
    fault.status = static_cast<int>(now.number("status").value_or(fault.status));
    fault.remaining = static_cast<int>(now.number("remaining").value_or(fault.remaining));
    fault.body = now.text("body").value_or("");
    now.server.set_fault(now.required_text("operation"), fault);
    return no_content();
}

reply clear_faults(control_call const& now)
{
    now.server.faults.clear();
    return no_content();
}

reply reset(control_call const& now)
{
    now.server.with_state([](state& st, time_point) { st.clear(); });
    return no_content();
}

/// The identity provider: asks nobody, and sends the browser back with the address it was given as the code.
reply authorize(control_call const& now)
{
    auto const target = now.parameter("redirect_uri");
    if (target.find_first_of("\r\n") != std::string::npos)
        throw std::invalid_argument("redirect_uri has a line break");
    auto answer = no_content();
    answer.status = 302;
    answer.headers.emplace_back(
        "location", target + "?code=" + percent_encode(now.parameter("login_hint")) +
                        "&state=" + percent_encode(now.parameter("state")));
    return answer;
}

struct control_route
{
    std::string_view method;
    std::string_view path;
    reply (*handler)(control_call const&);
};

constexpr std::array routes = {
    control_route{"GET", "outbox", get_outbox},
    control_route{"DELETE", "outbox", delete_outbox},
    control_route{"GET", "ca.pem", get_certificate},
    control_route{"GET", "clock", get_clock},
    control_route{"POST", "clock", advance_clock},
    control_route{"GET", "settings", get_settings},
    control_route{"POST", "settings", change_settings},
    control_route{"POST", "bans", ban},
    control_route{"DELETE", "bans", unban},
    control_route{"GET", "counters", get_counters},
    control_route{"POST", "faults", set_fault},
    control_route{"DELETE", "faults", clear_faults},
    control_route{"POST", "reset", reset},
    control_route{"GET", "idp/authorize", authorize},
    control_route{"GET", "accounts", control_get_account},
    control_route{"POST", "accounts", control_set_account},
    control_route{"POST", "email-changes", control_change_email},
    control_route{"GET", "sms", control_get_sms},
    control_route{"GET", "sessions", control_get_sessions},
    control_route{"POST", "sessions", control_add_session},
    control_route{"DELETE", "sessions", control_end_session},
    control_route{"POST", "tokens", control_add_token},
};

reply bad_request(std::string_view why)
{
    boost::json::object body;
    body["error"] = why;
    return json_reply(body, 400);
}

} // namespace

bool is_control_request(request const& in)
{
    return in.path().starts_with(prefix);
}

reply answer_control_request(engine& server, request const& in)
{
    auto const path = in.path().substr(prefix.size());
    for (auto const& candidate : routes) {
        if (candidate.method != in.method || candidate.path != path)
            continue;
        try {
            return candidate.handler(control_call(server, in));
        } catch (std::invalid_argument const& error) {
            return bad_request(error.what());
        }
    }
    return api_error(404, "NOT_FOUND");
}

} // namespace fluxer::auth::sandbox_detail
