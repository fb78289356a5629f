#include "expression.hpp"

#include <boost/json/parse.hpp>

#include <utility>

namespace fluxer::auth::conformance {

namespace {

namespace json = boost::json;

/// What Authorization may hold if it is to be a session token: contract 3.
bool is_session_token(std::string_view text) noexcept
{
    return !text.empty() && text.find(' ') == std::string_view::npos;
}

std::string credential_problem(catalogue_row const& row, std::string const* authorization)
{
    if (row.has_session && authorization == nullptr)
        return "the operation needs a token";
    if (!row.has_session && authorization != nullptr)
        return "the operation sends no token";
    if (row.has_session && !is_session_token(*authorization))
        return "Authorization is not a session token alone";
    return {};
}

expression express_body(
    catalogue_row const& row, json::object const& body, secret const& token, secret const& parameter)
{
    body_reader reader(body);
    request_parts parts;
    parts.token = token;
    parts.parameter = parameter;
    parts.body = &reader;
    auto call = bind(row.operation, parts);
    auto problem = reader.problem();
    return problem.empty() ? expression{std::move(call), {}} : expression{{}, "the body: " + problem};
}

} // namespace

expression express(catalogue_row const& row, recorded_request const& request)
{
    if (!request.lost.empty())
        return {{}, request.lost};
    auto const parameter =
        parameter_of(row, std::string_view(request.path).substr(prefix_of(request.path).size()));
    if (request.method != row.method || !parameter)
        return {{}, "not the operation's method and path"};
    auto const* authorization = find_header(request.headers, "Authorization");
    if (auto problem = credential_problem(row, authorization); !problem.empty())
        return {{}, std::move(problem)};
    if (!row.has_body && request.body)
        return {{}, "the operation sends no body"};
    secret const token(authorization == nullptr ? std::string_view() : std::string_view(*authorization));
    json::error_code problem;
    // A body that is missing means an empty object (contract 2).
    auto const body = json::parse(request.body.value_or("{}"), problem);
    if (problem || !body.is_object())
        return {{}, "the body is not a JSON object"};
    return express_body(row, body.get_object(), token, *parameter);
}

} // namespace fluxer::auth::conformance
