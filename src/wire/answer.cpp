#include "wire/answer.hpp"

#include "core/http_syntax.hpp"

namespace fluxer::auth::wire {

void header_list::add(std::string_view name, std::string_view value)
{
    text_.append(name);
    text_.push_back('\0');
    text_.append(value);
    text_.push_back('\0');
}

std::string_view header_list::find(std::string_view name) const noexcept
{
    for (auto rest = text_.view(); !rest.empty();) {
        auto const candidate = take(rest);
        auto const value = take(rest);
        if (core::equal_ignoring_case(candidate, name))
            return value;
    }
    return {};
}

} // namespace fluxer::auth::wire
