#include "sandbox/faults.hpp"

#include "sandbox/errors.hpp"

#include <array>
#include <stdexcept>

namespace fluxer::auth::sandbox_detail {

namespace {

void check(std::string_view operation, sandbox_fault const& fault)
{
    using namespace std::chrono_literals;
    if (fault.latency < 0ms || fault.latency > 1h)
        throw std::invalid_argument("sandbox_fault: latency must be between 0 and 1 h");
    auto const least = fault.kind == sandbox_fault_kind::answer ? 200 : 400;
    if (fault.status < least || fault.status > 599)
        throw std::invalid_argument(
            "sandbox_fault: status must be between " + std::to_string(least) + " and 599");
    if (fault.remaining < -1 || fault.remaining == 0)
        throw std::invalid_argument("sandbox_fault: remaining must be positive or -1");
    if (fault.kind == sandbox_fault_kind::refuse && operation != "*")
        throw std::invalid_argument("sandbox_fault: connections can be refused for the operation \"*\" only");
}

std::string_view code_of(int status)
{
    switch (status) {
    case 401:
        return "UNAUTHORIZED";
    case 403:
        return "FORBIDDEN";
    case 404:
        return "NOT_FOUND";
    case 429:
        return "RATE_LIMITED";
    case 500:
        return "INTERNAL_SERVER_ERROR";
    default:
        return status < 500 ? "BAD_REQUEST" : "INTERNAL_SERVER_ERROR";
    }
}

} // namespace

void fault_table::set(std::string_view operation, sandbox_fault const& fault)
{
    check(operation, fault);
    std::lock_guard const lock(mutex_);
    faults_.insert_or_assign(std::string(operation), fault);
}

void fault_table::clear()
{
    std::lock_guard const lock(mutex_);
    faults_.clear();
}

std::optional<sandbox_fault> fault_table::take_entry(std::string_view operation, bool refusal)
{
    auto const found = faults_.find(operation);
    if (found == faults_.end() || (found->second.kind == sandbox_fault_kind::refuse) != refusal)
        return std::nullopt;
    auto const fault = found->second;
    if (found->second.remaining > 0 && --found->second.remaining == 0)
        faults_.erase(found);
    return fault;
}

std::optional<sandbox_fault> fault_table::take(std::string_view operation)
{
    std::lock_guard const lock(mutex_);
    if (faults_.empty())
        return std::nullopt;
    auto fault = take_entry(operation, false);
    return fault ? fault : take_entry("*", false);
}

bool fault_table::take_refusal()
{
    std::lock_guard const lock(mutex_);
    return take_entry("*", true).has_value();
}

reply overloaded_reply()
{
    boost::json::object body;
    body["message"] = "Server is at capacity, please retry shortly";
    auto answer = json_reply(body, 503);
    answer.headers.emplace_back("retry-after", "5");
    return answer;
}

reply fault_reply(sandbox_fault const& fault)
{
    if (fault.kind == sandbox_fault_kind::overloaded)
        return overloaded_reply();
    if (fault.kind == sandbox_fault_kind::html) {
        auto const title = std::to_string(fault.status) + " Proxy Error";
        reply answer;
        answer.status = fault.status;
        answer.content_type = "text/html";
        answer.body = "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" +
                      title + "</h1></center>\r\n</body>\r\n</html>\r\n";
        return answer;
    }
    if (fault.kind == sandbox_fault_kind::answer) {
        reply answer;
        answer.status = fault.status;
        answer.content_type = "application/json";
        answer.body = fault.body;
        return answer;
    }
    if (fault.status == 429) {
        auto answer = api_error(429, "RATE_LIMITED", {{"global", false}, {"retry_after", 1}});
        answer.headers.emplace_back("retry-after", "1");
        return answer;
    }
    return api_error(fault.status, code_of(fault.status));
}

std::optional<sandbox_fault_kind> fault_kind_from(std::string_view name)
{
    using kind = sandbox_fault_kind;
    constexpr std::array<std::pair<std::string_view, kind>, 9> names = {{
        {"delay", kind::delay},
        {"status", kind::status},
        {"html", kind::html},
        {"answer", kind::answer},
        {"overloaded", kind::overloaded},
        {"reset_before", kind::reset_before},
        {"reset_after", kind::reset_after},
        {"truncate", kind::truncate},
        {"refuse", kind::refuse},
    }};
    for (auto const& [text, value] : names)
        if (text == name)
            return value;
    return std::nullopt;
}

} // namespace fluxer::auth::sandbox_detail
