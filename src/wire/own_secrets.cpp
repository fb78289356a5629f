#include "wire/own_secrets.hpp"

#include "wire/codec.hpp"
#include "wire/endpoint.hpp"
#include "wire/json_document.hpp"
#include "wire/json_text.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace fluxer::auth::wire {

namespace {

constexpr std::string_view replacement = "[redacted]";

/// The members of requests that are secrets.
constexpr std::array<std::string_view, 7> secret_members{"password", "token",       "ticket", "code",
                                                         "mfa_code", "poll_secret", "state"};

bool is_secret(std::string_view member) noexcept
{
    return std::find(secret_members.begin(), secret_members.end(), member) != secret_members.end();
}

/// What stands in the place of `{}`, encoded as it is; empty: the path has none.
std::string_view parameter_in(std::string_view target, std::string_view path) noexcept
{
    auto const hole = path.find("{}");
    if (hole == std::string_view::npos)
        return {};
    return target.substr(hole, target.size() - (path.size() - 2));
}

int value_of(char digit) noexcept
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    return static_cast<int>(digits.find(digit));
}

/// The inverse of append_percent_encoded().
core::secret_buffer percent_decoded(std::string_view text)
{
    core::secret_buffer decoded;
    while (!text.empty()) {
        auto const escaped = text.front() == '%' && text.size() > 2;
        decoded.push_back(
            escaped ? static_cast<char>(value_of(text[1]) * 16 + value_of(text[2])) : text.front());
        text.remove_prefix(escaped ? 3 : 1);
    }
    return decoded;
}

core::secret_buffer copy_of(std::string_view text)
{
    core::secret_buffer copy;
    copy.append(text);
    return copy;
}

core::secret_buffer in_json(std::string_view text)
{
    core::secret_buffer quoted;
    append_json_string(quoted, text);
    return copy_of(quoted.view().substr(1, quoted.size() - 2));
}

core::secret_buffer in_url(std::string_view text)
{
    core::secret_buffer encoded;
    append_percent_encoded(encoded, text);
    return encoded;
}

} // namespace

bool may_show_secret(request const& of, std::string_view text) noexcept
{
    auto const shows = [text](std::string_view value) {
        return value.size() >= own_secrets::shortest && text.find(value) != std::string_view::npos;
    };
    if (text.size() < own_secrets::shortest)
        return false;
    // Otherwise it has nothing in it that is percent-encoded, or escaped as in JSON.
    if (text.find_first_of("%\\") != std::string_view::npos || (of.token && shows(of.token->reveal())))
        return true;
    if (of.operation == operation::raw)
        return false;
    auto const parameter = parameter_in(of.target.view(), endpoint_of(of.operation).path);
    if (shows(parameter) || parameter.find('%') != std::string_view::npos)
        return true;
    // Where nothing is escaped, whatever is a string stands between two quotes.
    auto rest = of.body ? of.body->view() : std::string_view();
    if (rest.find('\\') != std::string_view::npos)
        return true;
    while (!rest.empty()) {
        auto const end = std::min(rest.find('"'), rest.size());
        if (shows(rest.substr(0, end)))
            return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

own_secrets::own_secrets(request const& of)
{
    if (of.token)
        add(*of.token);
    if (of.operation == operation::raw)
        return;
    add(percent_decoded(parameter_in(of.target.view(), endpoint_of(of.operation).path)).view());
    if (of.body)
        add_body(of.body->view());
}

bool own_secrets::has_member(std::string_view name) const noexcept
{
    return std::find(members_.begin(), members_.end(), name) != members_.end();
}

std::string own_secrets::blanked(std::string_view text) const
{
    // Not by replacing in a copy, which would have had the secrets in it.
    std::string result;
    std::vector<std::size_t> places;
    places.reserve(words_.size());
    for (auto const& word : words_)
        places.push_back(text.find(word.view()));
    for (std::size_t done = 0;;) {
        auto const first = std::min_element(places.begin(), places.end());
        if (first == places.end() || *first == std::string_view::npos)
            return result.append(text.substr(done));
        auto const& word = words_[static_cast<std::size_t>(first - places.begin())];
        result.append(text.substr(done, *first - done)).append(replacement);
        done = *first + word.size();
        for (std::size_t index = 0; index < places.size(); ++index) {
            if (places[index] < done)
                places[index] = text.find(words_[index].view(), done);
        }
    }
}

void own_secrets::add(std::string_view value)
{
    if (value.size() < shortest)
        return;
    add_word(copy_of(value));
    add_word(in_json(value));
    add_word(in_url(value));
}

void own_secrets::add_word(core::secret_buffer word)
{
    auto const same = [&](auto const& known) { return known.view() == word.view(); };
    if (std::any_of(words_.begin(), words_.end(), same))
        return;
    auto const shorter = [&](auto const& known) { return known.size() < word.size(); };
    words_.insert(std::find_if(words_.begin(), words_.end(), shorter), std::move(word));
}

void own_secrets::add_body(std::string_view json)
{
    json_document const document(json);
    auto const* members = document.root() == nullptr ? nullptr : document.root()->if_object();
    if (members == nullptr)
        return;
    for (auto const& member : *members) {
        members_.emplace_back(member.key());
        auto const* text = member.value().if_string();
        if (text != nullptr && is_secret(member.key()))
            add(std::string_view(text->data(), text->size()));
    }
}

} // namespace fluxer::auth::wire
