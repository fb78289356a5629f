#include "support/login.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>

namespace fluxer::auth::bench {

namespace json = boost::json;

std::string host_header(settings const& how)
{
    return std::string(host_name) + ':' + std::to_string(how.port);
}

std::string login_body()
{
    std::array<unsigned char, 1024> memory;
    json::monotonic_resource resource(memory.data(), memory.size());
    json::object const body({{"email", email}, {"password", password}}, &resource);
    return json::serialize(body);
}

login_answer parse_login(std::string_view body)
{
    std::array<unsigned char, 2048> memory;
    json::monotonic_resource resource(memory.data(), memory.size());
    auto const answer = json::parse(json::string_view(body.data(), body.size()), &resource);
    auto const& fields = answer.as_object();
    auto const& token = fields.at("token").as_string();
    auto const& user_id = fields.at("user_id").as_string();
    return {std::string(token.data(), token.size()), std::string(user_id.data(), user_id.size())};
}

} // namespace fluxer::auth::bench
