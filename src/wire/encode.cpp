#include "wire/encode.hpp"

namespace fluxer::auth::wire {

namespace {

// The only parameters there are belong to paths of a handoff and to the poll's query.
std::string_view parameter_name(auth::operation operation) noexcept
{
    return operation == auth::operation::poll_ip_authorization ? "ticket" : "code";
}

} // namespace

request make_request(auth::operation operation)
{
    auto const& row = endpoint_of(operation);
    request made;
    made.operation = operation;
    made.method = row.method;
    made.target.append(row.path);
    made.repeatable = row.repeatable;
    return made;
}

request make_request(auth::operation operation, secret const& parameter)
{
    auto made = make_request(operation);
    auto const path = endpoint_of(operation).path;
    auto const hole = path.find("{}");
    made.target.clear();
    made.target.append(path.substr(0, hole));
    append_percent_encoded(made.target, parameter.reveal());
    made.target.append(path.substr(hole + 2));
    return made;
}

encoded encode(auth::operation operation)
{
    return make_request(operation);
}

encoded encode_session(auth::operation operation, secret const& token)
{
    field_errors errors;
    check_header_value(token.reveal(), "token", errors);
    if (!errors.empty())
        return errors;
    auto made = make_request(operation);
    made.token = token;
    return made;
}

encoded encode_parameter(auth::operation operation, secret const& value)
{
    field_errors errors;
    check_parameter(value.reveal(), parameter_name(operation), errors);
    if (!errors.empty())
        return errors;
    return make_request(operation, value);
}

} // namespace fluxer::auth::wire
