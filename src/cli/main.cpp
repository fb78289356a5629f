#include "cli/commands.hpp"

#include <algorithm>
#include <array>
#include <iostream>

namespace {

using namespace fluxer::auth::cli;

constexpr std::string_view program = "fluxer-auth";
constexpr int usage_status = 2;

std::array const all_commands{&demo_command, &sandbox_command, &check_command, &soak_command, &drive_command};

void print_overview(std::ostream& out)
{
    out << "usage: " << program << " COMMAND [options]\n\n"
        << "Talks to the authentication API of Fluxer.\n\n";
    for (auto const* one : all_commands) {
        std::string name(one->spec.name);
        name.resize(9, ' ');
        out << "  " << name << one->spec.summary << '\n';
    }
    out << "\n  --help     this text; of a command: " << program << " COMMAND --help\n"
        << "  --version  the version\n";
}

int complain(std::string_view command, std::string_view what)
{
    std::cerr << program << (command.empty() ? "" : " ") << command << ": " << what << " (see " << program
              << (command.empty() ? "" : " ") << command << " --help)\n";
    return usage_status;
}

int run(command const& chosen, std::span<char const* const> words)
{
    try {
        arguments const given(chosen.spec, words);
        if (given.wants_help()) {
            std::cout << help_text(program, chosen.spec);
            return 0;
        }
        return chosen.run(given);
    } catch (usage_error const& e) {
        return complain(chosen.spec.name, e.what());
    } catch (std::exception const& e) {
        std::cerr << program << ' ' << chosen.spec.name << ": " << e.what() << '\n';
        return 1;
    }
}

} // namespace

int main(int count, char** all_words)
{
    std::span<char const* const> const words(all_words, static_cast<std::size_t>(count));
    if (words.size() < 2) {
        print_overview(std::cerr);
        return usage_status;
    }
    std::string_view const first = words[1];
    if (first == "--help" || first == "-h" || first == "help") {
        print_overview(std::cout);
        return 0;
    }
    if (first == "--version") {
        std::cout << program << " " FLUXER_AUTH_TOOL_VERSION "\n";
        return 0;
    }
    auto const chosen =
        std::ranges::find_if(all_commands, [first](command const* one) { return one->spec.name == first; });
    if (chosen == all_commands.end())
        return complain({}, "unknown command '" + std::string(first) + "'");
    return run(**chosen, words.subspan(2));
}
