#include "cli/drive_people.hpp"

#include <fluxer/auth/helpers.hpp>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace fluxer::auth::cli {

namespace {

/// Takes what stands before the next tab away.
std::string_view next_field(std::string_view& line)
{
    auto const tab = line.find('\t');
    auto const field = line.substr(0, tab);
    line.remove_prefix(tab == std::string_view::npos ? line.size() : tab + 1);
    return field;
}

/// @throws std::runtime_error that never quotes the line, which has a password
drive_person person_in(std::string_view line)
{
    drive_person who;
    who.email = next_field(line);
    who.password = secret(next_field(line));
    if (who.email.empty() || who.password.empty())
        throw std::runtime_error("an e-mail address, a tab and a password are wanted");
    if (auto const key = next_field(line); !key.empty()) {
        who.totp_key.emplace(key);
        if (!totp_code(*who.totp_key))
            throw std::runtime_error("the authenticator's key is not base32");
    }
    if (!line.empty())
        throw std::runtime_error("there is a fourth field");
    return who;
}

} // namespace

std::string address_book::at(std::size_t number) const
{
    auto const address = static_cast<std::uint32_t>((first_ + number) & 0xff'ffffU);
    return "10." + std::to_string(address >> 16) + "." + std::to_string(address >> 8 & 0xffU) + "." +
           std::to_string(address & 0xffU);
}

std::size_t drive_people::size() const noexcept
{
    return std::accumulate(
        people_.begin(), people_.end(), std::size_t{0},
        [](std::size_t sum, std::vector<drive_person> const& some) { return sum + some.size(); });
}

drive_person& drive_people::next(flow_kind kind)
{
    auto& all = of(kind);
    auto& turn = turns_[static_cast<std::size_t>(kind)];
    return all[turn++ % all.size()];
}

std::int64_t take_code(drive_person& who, std::int64_t now) noexcept
{
    who.last_code = std::max(now, who.last_code + 1);
    return who.last_code;
}

std::vector<drive_person> people_in(std::string const& file)
{
    std::ifstream in(file);
    if (!in)
        throw std::runtime_error("cannot read " + file);
    std::vector<drive_person> people;
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        secret const kept(std::move(line)); // cleanses the line's own memory
        auto text = kept.reveal();
        if (text.ends_with('\r'))
            text.remove_suffix(1);
        if (text.empty() || text.starts_with('#'))
            continue;
        try {
            people.push_back(person_in(text));
        } catch (std::runtime_error const& e) {
            throw std::runtime_error(file + ", line " + std::to_string(number) + ": " + e.what());
        }
    }
    if (people.empty())
        throw std::runtime_error(file + " names nobody");
    return people;
}

} // namespace fluxer::auth::cli
