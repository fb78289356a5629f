#include "sandbox/exchange.hpp"

#include "sandbox/text.hpp"

namespace fluxer::auth::sandbox_detail {

std::string_view request::header(std::string_view name) const
{
    for (auto const& [key, value] : headers)
        if (equal_ignoring_case(key, name))
            return value;
    return {};
}

std::string_view request::path() const
{
    return std::string_view(target).substr(0, target.find('?'));
}

std::string_view request::query() const
{
    auto const mark = target.find('?');
    return mark == std::string::npos ? std::string_view{} : std::string_view(target).substr(mark + 1);
}

} // namespace fluxer::auth::sandbox_detail
