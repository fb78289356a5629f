#include "wire/answer.hpp"

#include "core/http_syntax.hpp"

#include <limits>

namespace fluxer::auth::wire {

void header_list::add(std::string_view name, std::string_view value)
{
    // Of what is read from a connection there is never so much; an injected transport may have anything.
    constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
    name = name.substr(0, most);
    value = value.substr(0, most);
    lengths of;
    of.name = static_cast<std::uint32_t>(name.size());
    of.value = static_cast<std::uint32_t>(value.size());
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
