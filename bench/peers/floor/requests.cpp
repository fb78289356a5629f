#include "peers/floor/requests.hpp"

#include <stdexcept>

namespace fluxer::auth::bench::floor {

namespace {

std::string with_header(settings const& how, std::string_view line)
{
    return std::string(line) + " HTTP/1.1\r\nHost: " + host_header(how) +
           "\r\nUser-Agent: " + std::string(user_agent) +
           "\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n";
}

/// The string behind the key, which stands there as the server writes it.
std::string_view value_of(std::string_view body, std::string_view key)
{
    auto const at = body.find(key);
    if (at == std::string_view::npos)
        throw std::runtime_error("an answer without what was asked for");
    auto const begin = at + key.size();
    return body.substr(begin, body.find('"', begin) - begin);
}

} // namespace

std::string login_request(settings const& how)
{
    auto const body = login_body();
    return with_header(how, "POST " + std::string(login_path)) +
           "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

std::string handoff_request(settings const& how)
{
    return with_header(how, "GET " + std::string(handoff_path)) + "\r\n";
}

void read_login(std::string_view body, login_answer& into)
{
    into.token = value_of(body, R"("token":")");
    into.user_id = value_of(body, R"("user_id":")");
}

void read_handoff(std::string_view body)
{
    if (value_of(body, R"("status":")") != "pending")
        throw std::runtime_error("a handoff that is not pending");
}

} // namespace fluxer::auth::bench::floor
