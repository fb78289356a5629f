#include "cli/arguments.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace fluxer::auth::cli {

namespace {

std::string dashed(std::string_view name)
{
    return "--" + std::string(name);
}

option_spec const* find(command_spec const& command, std::string_view name)
{
    auto const found = std::ranges::find(command.options, name, &option_spec::name);
    return found == command.options.end() ? nullptr : &*found;
}

std::string usage_of(option_spec const& option)
{
    auto text = dashed(option.name);
    return option.value.empty() ? text : text + " " + std::string(option.value);
}

/// Without zeros at its end.
std::string short_text(double number)
{
    char text[32];
    auto const [end, failure] = std::to_chars(std::begin(text), std::end(text), number);
    return {std::begin(text), failure == std::errc{} ? end : std::begin(text)};
}

} // namespace

arguments::arguments(command_spec const& command, std::span<char const* const> words)
{
    if (std::ranges::any_of(words, [](std::string_view word) { return word == "--help" || word == "-h"; })) {
        wants_help_ = true;
        return;
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
        std::string_view const word = words[i];
        if (!word.starts_with("--") || word.size() == 2)
            throw usage_error("'" + std::string(word) + "' is not an option");
        auto const equals = word.find('=');
        bool const has_value = equals != std::string_view::npos;
        auto const name = word.substr(2, has_value ? equals - 2 : equals);
        auto const* option = find(command, name);
        if (!option)
            throw usage_error("unknown option " + dashed(name));
        if (given_.contains(name))
            throw usage_error(dashed(name) + " is given twice");
        auto& value = given_[std::string(name)];
        if (option->value.empty()) {
            if (has_value)
                throw usage_error(dashed(name) + " takes no value");
            continue;
        }
        if (has_value)
            value = word.substr(equals + 1);
        else if (i + 1 < words.size() && !std::string_view(words[i + 1]).starts_with("--"))
            value = words[++i];
        if (value.empty())
            throw usage_error(dashed(name) + " needs a value: " + usage_of(*option));
    }
}

std::optional<std::string> arguments::text(std::string_view name) const
{
    auto const found = given_.find(name);
    return found == given_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint64_t> arguments::number(
    std::string_view name, std::uint64_t least, std::uint64_t most) const
{
    auto const given = text(name);
    if (!given)
        return std::nullopt;
    std::uint64_t value = 0;
    auto const* const end = given->data() + given->size();
    auto const [stop, failure] = std::from_chars(given->data(), end, value);
    if (failure != std::errc{} || stop != end || value < least || value > most)
        throw usage_error(
            dashed(name) + ": '" + *given + "' is not a whole number from " + std::to_string(least) + " to " +
            std::to_string(most));
    return value;
}

std::optional<double> arguments::decimal(std::string_view name, double least, double most) const
{
    auto const given = text(name);
    if (!given)
        return std::nullopt;
    double value = 0;
    auto const* const end = given->data() + given->size();
    auto const [stop, failure] = std::from_chars(given->data(), end, value, std::chars_format::fixed);
    // Also of "nan": it is neither less nor more than anything.
    bool const in_range = value >= least && value <= most;
    if (failure != std::errc{} || stop != end || !in_range)
        throw usage_error(
            dashed(name) + ": '" + *given + "' is not a number from " + short_text(least) + " to " +
            short_text(most));
    return value;
}

std::optional<std::string> arguments::choice(
    std::string_view name, std::span<std::string_view const> choices) const
{
    auto given = text(name);
    if (!given || std::ranges::count(choices, *given) != 0)
        return given;
    std::string all;
    for (auto const& each : choices) {
        bool const last = &each == &choices.back();
        all += (all.empty() ? "" : last ? " or " : ", ") + std::string(each);
    }
    throw usage_error(dashed(name) + " must be " + all);
}

std::string arguments::required(std::string_view name) const
{
    auto given = text(name);
    if (!given)
        throw usage_error(dashed(name) + " is required");
    return *given;
}

std::string help_text(std::string_view program, command_spec const& command)
{
    constexpr std::string_view help_option = "--help";
    std::size_t width = help_option.size();
    for (auto const& option : command.options)
        width = std::max(width, usage_of(option).size());
    auto text = "usage: " + std::string(program) + " " + std::string(command.name) + " [options]\n\n" +
                std::string(command.summary) + "\n\n";
    auto const add = [&text, width](std::string usage, std::string_view help) {
        usage.resize(width, ' ');
        text += "  " + usage + "  " + std::string(help) + "\n";
    };
    for (auto const& option : command.options)
        add(usage_of(option), option.help);
    add(std::string(help_option), "this text");
    return text;
}

} // namespace fluxer::auth::cli
