#include "cli/drive_mix.hpp"

#include "cli/arguments.hpp"
#include "cli/chaos_plan.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

namespace fluxer::auth::cli {

namespace {

constexpr unsigned most_weight = 1'000'000;

flow_kind kind_named(std::string_view name)
{
    auto const found =
        std::ranges::find_if(all_flow_kinds, [name](flow_kind kind) { return to_string(kind) == name; });
    if (found == all_flow_kinds.end())
        throw usage_error("--mix: '" + std::string(name) + "' is none of login, totp, ip, handoff");
    return *found;
}

unsigned weight_in(std::string_view text)
{
    unsigned value = 0;
    auto const* const end = text.data() + text.size();
    auto const [stop, failure] = std::from_chars(text.data(), end, value);
    if (failure != std::errc{} || stop != end || value > most_weight)
        throw usage_error(
            "--mix: '" + std::string(text) + "' is not a whole number from 0 to " +
            std::to_string(most_weight));
    return value;
}

} // namespace

std::string_view to_string(flow_kind kind) noexcept
{
    switch (kind) {
    case flow_kind::login:
        return "login";
    case flow_kind::totp:
        return "totp";
    case flow_kind::ip:
        return "ip";
    case flow_kind::handoff:
        return "handoff";
    }
    return "unknown";
}

flow_mix::flow_mix(std::string_view text)
{
    std::array<bool, flow_kinds> named{};
    for (auto rest = text;;) {
        auto const comma = rest.find(',');
        auto const part = rest.substr(0, comma);
        auto const equals = part.find('=');
        if (equals == std::string_view::npos)
            throw usage_error("--mix: '" + std::string(part) + "' is not of the form KIND=NUMBER");
        auto const kind = static_cast<std::size_t>(kind_named(part.substr(0, equals)));
        if (std::exchange(named[kind], true))
            throw usage_error("--mix: " + std::string(part.substr(0, equals)) + " is given twice");
        weights_[kind] = weight_in(part.substr(equals + 1));
        if (comma == std::string_view::npos)
            break;
        rest.remove_prefix(comma + 1);
    }
    if (std::ranges::count(weights_, 0U) == flow_kinds)
        throw usage_error("--mix: no kind has a number above 0");
}

std::string flow_mix::to_string() const
{
    std::string text;
    for (auto const kind : all_flow_kinds)
        text +=
            (text.empty() ? "" : ",") + std::string(cli::to_string(kind)) + "=" + std::to_string(of(kind));
    return text;
}

std::array<std::size_t, flow_kinds> flow_mix::shares(std::size_t flows) const
{
    // parse() refuses what is nothing but zeros.
    auto const whole =
        std::max(std::accumulate(weights_.begin(), weights_.end(), std::uint64_t{0}), std::uint64_t{1});
    std::array<std::size_t, flow_kinds> shares{};
    std::array<std::uint64_t, flow_kinds> remainders{};
    std::size_t given = 0;
    for (std::size_t i = 0; i < flow_kinds; ++i) {
        shares[i] = flows * weights_[i] / whole;
        remainders[i] = flows * weights_[i] % whole;
        given += shares[i];
    }
    for (; given < flows; ++given) {
        auto const most = std::ranges::max_element(remainders);
        ++shares[static_cast<std::size_t>(most - remainders.begin())];
        *most = 0;
    }
    return shares;
}

std::vector<flow_kind> flow_mix::draw(std::size_t flows, std::uint64_t seed) const
{
    auto const wanted = shares(flows);
    std::vector<flow_kind> kinds;
    kinds.reserve(flows);
    for (auto const kind : all_flow_kinds)
        kinds.insert(kinds.end(), wanted[static_cast<std::size_t>(kind)], kind);
    // By hand: the standard's shuffle is another one with another library.
    chaos_random random(seed);
    for (auto left = kinds.size(); left > 1; --left)
        std::swap(kinds[left - 1], kinds[random.below(left)]);
    return kinds;
}

} // namespace fluxer::auth::cli
