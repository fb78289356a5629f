#ifndef FLUXER_AUTH_TEST_FAULTS_OPERATIONS_HPP
#define FLUXER_AUTH_TEST_FAULTS_OPERATIONS_HPP

#include "item.hpp"

#include <fluxer/auth/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth::faults {

/// What a call came to, whatever its operation.
struct reply
{
    reply() = default;

    std::optional<auth::error> error;
    boost::json::value value; ///< the result in JSON
    std::optional<raw_response> raw;
};

using maker = std::function<boost::asio::awaitable<reply>(client&, call_options)>;

/// A call's operation with its request bound.
struct operation_plan
{
    maker make;
    std::vector<std::string> secrets; ///< of the request: no error may show them
};

/// "operation", "request", "token" and "parameter" of a call.
operation_plan read_operation(members& call);

} // namespace fluxer::auth::faults

#endif
