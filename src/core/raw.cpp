#include <fluxer/auth/raw.hpp>
#include <fluxer/auth/transport.hpp>

#include "core/http_syntax.hpp"

#include <algorithm>
#include <utility>

namespace fluxer::auth {

namespace {

std::string_view first_value(std::vector<header> const& headers, std::string_view name) noexcept
{
    auto const found = std::find_if(headers.begin(), headers.end(), [name](auto const& entry) {
        return core::equal_ignoring_case(entry.name, name);
    });
    return found != headers.end() ? std::string_view(found->value) : std::string_view();
}

} // namespace

header::header(std::string name_, std::string value_)
    : name(std::move(name_))
    , value(std::move(value_))
{}

raw_request::raw_request(std::string method_, std::string target_)
    : method(std::move(method_))
    , target(std::move(target_))
{}

raw_request&& raw_request::with_header(std::string name, std::string value) &&
{
    headers.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
}

raw_request&& raw_request::with_body(secret value) &&
{
    body = std::move(value);
    return std::move(*this);
}

raw_request&& raw_request::with_token(secret value) &&
{
    token = std::move(value);
    return std::move(*this);
}

raw_request&& raw_request::as_repeatable() &&
{
    repeatable = true;
    return std::move(*this);
}

std::string_view raw_response::header_value(std::string_view name) const noexcept
{
    return first_value(headers, name);
}

std::string_view transport_request::header_value(std::string_view name) const noexcept
{
    return first_value(headers, name);
}

} // namespace fluxer::auth
