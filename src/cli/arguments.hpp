#ifndef FLUXER_AUTH_CLI_ARGUMENTS_HPP
#define FLUXER_AUTH_CLI_ARGUMENTS_HPP

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fluxer::auth::cli {

/// One option of a command, `--name` or `--name value`.
struct option_spec
{
    std::string_view name;  ///< without the dashes
    std::string_view value; ///< what the value is called in the help, e.g. "FILE"; empty: a flag
    std::string_view help;
};

struct command_spec
{
    std::string_view name;
    std::string_view summary;
    std::span<option_spec const> options;
};

/// The command line is wrong: what() is one line for the user, and the exit status is 2.
class usage_error : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// The options that were given, checked against a command_spec.
class arguments
{
public:
    /// @param words what follows the command's name
    /// @throws usage_error for an unknown option, a missing or superfluous value, a repeated option or a word
    ///   that is none
    arguments(command_spec const& command, std::span<char const* const> words);

    /// Whether `--help` was among them; then nothing else was checked.
    bool wants_help() const noexcept { return wants_help_; }

    bool has(std::string_view name) const { return given_.contains(name); }

    std::optional<std::string> text(std::string_view name) const;

    /// @throws usage_error if the value is not a whole number from `least` to `most`
    std::optional<std::uint64_t> number(std::string_view name, std::uint64_t least, std::uint64_t most) const;

    /// @throws usage_error if the value is not a decimal number from `least` to `most`
    std::optional<double> decimal(std::string_view name, double least, double most) const;

    /// @throws usage_error if the value is none of the choices
    std::optional<std::string> choice(std::string_view name, std::span<std::string_view const> choices) const;

    /// @throws usage_error if the option is not there
    std::string required(std::string_view name) const;

private:
    std::map<std::string, std::string, std::less<>> given_;
    bool wants_help_ = false;
};

/// What `--help` prints for a command.
std::string help_text(std::string_view program, command_spec const& command);

} // namespace fluxer::auth::cli

#endif
