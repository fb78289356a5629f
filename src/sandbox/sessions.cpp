#include "sandbox/operations.hpp"
#include "sandbox/user_agent.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr std::size_t most_hashes = 100;

boost::json::object describe(call const& now, session const& one)
{
    boost::json::object client;
    client["platform"] = one.client.desktop ? "Fluxer Desktop" : browser_of(one.client.user_agent);
    client["os"] = system_of(one.client.user_agent);
    client["location"] = nullptr;
    if (now.newer())
        client["device"] = one.client.desktop ? "desktop" : "browser";
    boost::json::object entry;
    entry["id_hash"] = one.id_hash;
    entry["client_info"] = std::move(client);
    entry["approx_last_used_at"] = to_iso8601(one.last_used);
    entry["current"] = false; // always, at baseline (contract 5.17)
    if (now.newer()) {
        auto const* own = now.server.find_session(now.session_token);
        entry["current"] = own && own->id_hash == one.id_hash;
        entry["masked_ip"] = masked_ip(one.client.ip);
    }
    return entry;
}

} // namespace

reply list_auth_sessions(call& now)
{
    boost::json::array all;
    for (auto const* one : now.server.sessions_of(*now.user))
        all.push_back(describe(now, *one));
    reply answer;
    answer.body = boost::json::serialize(all);
    return answer;
}

reply logout_all_sessions(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const hashes = fields.texts("session_id_hashes", most_hashes);
    auto const proof = read_sudo_proof(fields);
    if (fields.failed())
        return fields.errors();
    if (auto error = sudo_error(now, proof))
        return std::move(*error);

    auto const tokens = now.user->sessions;
    for (auto const& token : tokens) {
        auto const* one = now.server.find_session(token);
        if (one && std::find(hashes.begin(), hashes.end(), one->id_hash) != hashes.end())
            now.server.end_session(token);
    }
    return no_content();
}

} // namespace fluxer::auth::sandbox_detail
