#include "mutation.hpp"
#include "replay.hpp"

#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::conformance {

namespace {

constexpr int exit_failed = 1;
constexpr int exit_unusable = 2;
constexpr int exit_skipped = 77;

constexpr std::string_view usage =
    "usage: wire_conformance [--verbose] [--self-test] [--may-be-absent] DIR\n"
    "Replays the recorded exchanges DIR/*.json through the library.\n"
    "  --verbose        also tell how each exchange was replayed\n"
    "  --self-test      compare with falsified recordings; every exchange should fail\n"
    "  --may-be-absent  exit with status 77 if there is no DIR\n";

struct arguments
{
    bool verbose = false;
    bool self_test = false;
    bool may_be_absent = false;
    std::string folder;
};

/// False: they make no sense.
bool read(int count, char const* const* words, arguments& into)
{
    for (int index = 1; index < count; ++index) {
        std::string_view const word = words[index];
        if (word == "--verbose")
            into.verbose = true;
        else if (word == "--self-test")
            into.self_test = true;
        else if (word == "--may-be-absent")
            into.may_be_absent = true;
        else if (into.folder.empty() && !word.starts_with("-"))
            into.folder = word;
        else
            return false;
    }
    return !into.folder.empty();
}

class tally
{
public:
    explicit tally(bool verbose)
        : verbose_(verbose)
    {}

    void count(std::string const& name, verdict const& what)
    {
        if (!what.found.empty()) {
            ++failed_;
            std::cout << "FAILED " << name << ": " << what.found.joined() << '\n';
        } else if (!what.skipped.empty()) {
            ++skipped_;
            std::cout << "skipped " << name << ": " << what.skipped << '\n';
        } else {
            ++passed_;
            if (verbose_)
                std::cout << "passed " << name << '\n';
        }
        if (verbose_)
            for (auto const& note : what.notes)
                std::cout << "  " << note << '\n';
    }

    int finish() const
    {
        std::cout << passed_ << " passed, " << failed_ << " failed, " << skipped_ << " skipped" << std::endl;
        return failed_ == 0 ? 0 : exit_failed;
    }

private:
    bool verbose_;
    std::size_t passed_ = 0;
    std::size_t failed_ = 0;
    std::size_t skipped_ = 0;
};

verdict judge(recording const& recorded, stage& server, clients& callers, bool self_test)
{
    if (recorded.problem.empty()) {
        auto fared = replay(recorded, server, callers);
        return self_test ? falsify(recorded, std::move(fared)) : fared;
    }
    verdict unreadable;
    unreadable.found.add("not a recording: " + recorded.problem);
    return unreadable;
}

int run(arguments const& wanted)
{
    auto const recordings = load_recordings(wanted.folder);
    if (recordings.empty()) {
        std::cerr << "wire_conformance: no *.json in " << wanted.folder << '\n';
        return exit_unusable;
    }
    stage server;
    clients callers(server);
    tally results(wanted.verbose);
    for (auto const& recorded : recordings)
        results.count(recorded.name, judge(recorded, server, callers, wanted.self_test));
    return results.finish();
}

} // namespace

} // namespace fluxer::auth::conformance

int main(int count, char** words)
{
    using namespace fluxer::auth::conformance;
    arguments wanted;
    if (!read(count, words, wanted)) {
        std::cerr << usage;
        return exit_unusable;
    }
    std::error_code ignored;
    if (wanted.may_be_absent && !std::filesystem::exists(wanted.folder, ignored)) {
        std::cout << "skipped: no recorded exchanges at " << wanted.folder << std::endl;
        return exit_skipped;
    }
    try {
        return run(wanted);
    } catch (std::exception const& problem) {
        std::cerr << "wire_conformance: " << problem.what() << '\n';
        return exit_unusable;
    }
}
