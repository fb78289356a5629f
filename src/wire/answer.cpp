#include "wire/answer.hpp"

#include "core/http_syntax.hpp"

namespace fluxer::auth::wire {

void header_list::add(std::string_view name, std::string_view value)
{
    lengths of;
    of.name = name.size();
    of.value = value.size();
    text_.append({reinterpret_cast<char const*>(&of), sizeof(of)});
    text_.append(name);
    text_.append(value);
}

std::string_view header_list::find(std::string_view name) const noexcept
{
    for (auto rest = text_.view(); !rest.empty();) {
        auto const candidate = take(rest);
        if (core::equal_ignoring_case(candidate.name, name))
            return candidate.value;
    }
    return {};
}

} // namespace fluxer::auth::wire
