#include "play.hpp"
#include "workers.hpp"

#include <algorithm>
#include <charconv>
#include <exception>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::faults {

namespace {

namespace fs = std::filesystem;
using kind = script_result::kind;

constexpr int exit_failed = 1;
constexpr int exit_unusable = 2;

constexpr std::string_view usage =
    "usage: fault_runner [--jobs N] [--together N] [--here] DIR|FILE...\n"
    "Runs the fault scripts DIR/*.json; test/faults/README.md tells what a script is.\n"
    "  --jobs N      run so many processes at a time (8)\n"
    "  --together N  run so many scripts in one process, the one after the other (1)\n"
    "  --here        run them in this process, one after the other, for a debugger\n";

struct arguments
{
    std::size_t jobs = 8;
    std::size_t together = 1;
    bool here = false;
    std::vector<fs::path> paths;
};

/// False: it is not a number over zero.
bool read_number(std::string_view text, std::size_t& into)
{
    auto const end = text.data() + text.size();
    return std::from_chars(text.data(), end, into).ptr == end && into != 0;
}

/// False: they make no sense.
bool read(int count, char const* const* words, arguments& into)
{
    for (int index = 1; index < count; ++index) {
        std::string_view const word = words[index];
        if (word == "--here") {
            into.here = true;
        } else if ((word == "--jobs" || word == "--together") && index + 1 < count) {
            if (!read_number(words[++index], word == "--jobs" ? into.jobs : into.together))
                return false;
        } else if (word.starts_with("-")) {
            return false;
        } else {
            into.paths.emplace_back(word);
        }
    }
    return !into.paths.empty();
}

std::vector<fs::path> scripts_in(std::vector<fs::path> const& paths)
{
    std::vector<fs::path> files;
    for (auto const& path : paths) {
        if (!fs::is_directory(path)) {
            files.push_back(path);
            continue;
        }
        std::vector<fs::path> found;
        for (auto const& entry : fs::directory_iterator(path))
            if (entry.path().extension() == ".json" && !entry.is_directory())
                found.push_back(entry.path());
        std::sort(found.begin(), found.end());
        files.insert(files.end(), found.begin(), found.end());
    }
    return files;
}

class tally
{
public:
    void count(fs::path const& file, script_result const& what)
    {
        auto const name = file.filename().string();
        auto const line = what.text.substr(0, what.text.find('\n'));
        if (what.how == kind::passed)
            ++passed_;
        else if (what.how == kind::skipped)
            ++skipped_;
        else
            ++failed_;
        if (what.how == kind::passed)
            std::cout << "ok " << name << std::endl;
        else if (what.how == kind::skipped)
            std::cout << "skipped " << name << ": " << line << std::endl;
        else
            std::cout << "FAILED " << name << ": " << line << std::endl;
        // What a sanitizer had to say.
        if (what.how == kind::failed && line.size() < what.text.size())
            std::cerr << what.text.substr(line.size() + 1) << std::endl;
    }

    int finish() const
    {
        std::cout << passed_ << " passed, " << failed_ << " failed, " << skipped_ << " skipped" << std::endl;
        return failed_ == 0 ? 0 : exit_failed;
    }

private:
    std::size_t passed_ = 0;
    std::size_t failed_ = 0;
    std::size_t skipped_ = 0;
};

/// Writes why the script failed or is skipped, in one line.
kind run_one(fs::path const& file, std::ostream& out)
{
    try {
        auto text = read_json(file);
        auto const what = read_script(std::move(text));
        if (!what.skip.empty()) {
            out << what.skip;
            return kind::skipped;
        }
        auto const fared = play(what);
        if (!fared.skipped.empty()) {
            out << fared.skipped;
            return kind::skipped;
        }
        std::string line;
        for (auto const& each : fared.found)
            line += (line.empty() ? "" : "; ") + each;
        out << line;
        return fared.found.empty() ? kind::passed : kind::failed;
    } catch (script_error const& e) {
        out << file.string() << ": " << e.what();
        return kind::failed;
    }
}

int run(arguments const& wanted)
{
    auto const files = scripts_in(wanted.paths);
    if (files.empty()) {
        std::cerr << "fault_runner: no *.json in " << wanted.paths.front().string() << '\n';
        return exit_unusable;
    }
    tally results;
    if (wanted.here) {
        for (auto const& file : files) {
            std::ostringstream text;
            script_result made;
            made.how = run_one(file, text);
            made.text = text.str();
            results.count(file, made);
        }
        return results.finish();
    }
    workers pool(
        wanted.jobs, wanted.together, [](fs::path const& file) { return run_one(file, std::cout); },
        [&results](fs::path const& file, script_result const& what) { results.count(file, what); });
    pool.run(files);
    return results.finish();
}

} // namespace

} // namespace fluxer::auth::faults

int main(int count, char** words)
{
    using namespace fluxer::auth::faults;
    arguments wanted;
    if (!read(count, words, wanted)) {
        std::cerr << usage;
        return exit_unusable;
    }
    try {
        return run(wanted);
    } catch (std::exception const& problem) {
        std::cerr << "fault_runner: " << problem.what() << '\n';
        return exit_unusable;
    }
}
