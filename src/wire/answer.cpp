#include "wire/answer.hpp"

#include <algorithm>

namespace fluxer::auth::wire {

namespace {

char lower(char character) noexcept
{
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
}

bool same_name(std::string_view left, std::string_view right) noexcept
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return lower(a) == lower(b);
    });
}

} // namespace

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
        if (same_name(candidate, name))
            return value;
    }
    return {};
}

} // namespace fluxer::auth::wire
