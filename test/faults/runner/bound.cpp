#include "bound.hpp"

namespace fluxer::auth::faults {

namespace {

constexpr auto no_most = std::numeric_limits<std::int64_t>::max();

} // namespace

bound::bound(item const& from)
    : least_(0)
    , most_(no_most)
{
    if (!from.is_object()) {
        least_ = most_ = from.integer(-1); // "there is none"
        return;
    }
    members range(from);
    least_ = range.integer("at_least", 0);
    most_ = range.integer("at_most", no_most);
    range.finish();
    if (least_ > most_)
        from.fail("no number is both");
}

std::string bound::text() const
{
    if (least_ == most_)
        return std::to_string(least_);
    if (most_ == no_most)
        return "at least " + std::to_string(least_);
    return std::to_string(least_) + " to " + std::to_string(most_);
}

std::string shown(std::string_view text)
{
    constexpr std::size_t most = 300;
    std::string made = "'";
    for (auto const character : text.substr(0, most)) {
        if (character == '\r')
            made += "\\r";
        else if (character == '\n')
            made += "\\n";
        else if (static_cast<unsigned char>(character) < 0x20 || character == 0x7f)
            made += '?';
        else
            made += character;
    }
    made += "'";
    if (text.size() > most)
        made += " and so on (" + std::to_string(text.size()) + " bytes)";
    return made;
}

} // namespace fluxer::auth::faults
