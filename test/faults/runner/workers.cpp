#include "workers.hpp"

#include "script.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <stdexcept>
#include <utility>

namespace fluxer::auth::faults {

namespace {

using clock = std::chrono::steady_clock;

constexpr int worker_failed = 1;
constexpr int exit_skipped = 77;

/// For reading, making keys and clearing up, beside the script's own limit; sanitizers are slow.
constexpr auto grace = std::chrono::seconds(60);

clock::time_point deadline_of(std::filesystem::path const& file)
{
    auto limit = script_header().limit;
    try {
        limit = read_header(read_json(file)).limit;
    } catch (script_error const&) {
        // Whoever runs it says so.
    }
    return clock::now() + limit + grace;
}

} // namespace

workers::workers(std::size_t jobs, work what, listener done)
    : jobs_(jobs)
    , work_(std::move(what))
    , done_(std::move(done))
{}

void workers::run(std::vector<std::filesystem::path> const& files)
{
    results_.assign(files.size(), {});
    has_result_.assign(files.size(), false);
    std::size_t next = 0;
    std::size_t told = 0;
    while (told < files.size()) {
        while (running_.size() < jobs_ && next < files.size()) {
            start(files[next], next);
            ++next;
        }
        collect();
        for (; told < files.size() && has_result_[told]; ++told)
            done_(files[told], results_[told]);
    }
}

void workers::start(std::filesystem::path const& file, std::size_t index)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("no pipe for a script's process");
    // Or the child would have the text twice.
    std::cout.flush();
    std::cerr.flush();
    auto const process = ::fork();
    if (process < 0)
        throw std::runtime_error("no process for a script");
    if (process == 0) {
        ::close(ends[0]);
        for (auto const& other : running_)
            ::close(other.output);
        be_child(file, ends[1]);
    }
    ::close(ends[1]);
    job made;
    made.index = index;
    made.process = process;
    made.output = ends[0];
    made.deadline = deadline_of(file);
    running_.push_back(std::move(made));
}

void workers::be_child(std::filesystem::path const& file, int output) const
{
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::close(output);
    auto how = script_result::kind::failed;
    try {
        how = work_(file);
    } catch (std::exception const& e) {
        std::cout << e.what();
    }
    std::cout.flush();
    // Not _exit: the sanitizers look for leaks at a program's end.
    std::exit(
        how == script_result::kind::passed    ? 0
        : how == script_result::kind::skipped ? exit_skipped
                                              : worker_failed);
}

void workers::collect()
{
    std::vector<pollfd> waiting;
    for (auto const& each : running_)
        waiting.push_back({each.output, POLLIN, 0});
    constexpr int glance = 100;
    ::poll(waiting.data(), waiting.size(), glance);
    std::vector<job> rest;
    for (std::size_t index = 0; index < running_.size(); ++index) {
        auto& each = running_[index];
        if (clock::now() > each.deadline && !each.killed) {
            ::kill(each.process, SIGKILL);
            each.killed = true;
        }
        if (waiting[index].revents == 0 || read_from(each)) {
            rest.push_back(std::move(each));
            continue;
        }
        results_[each.index] = finish(each);
        has_result_[each.index] = true;
    }
    running_ = std::move(rest);
}

/// False: that was all.
bool workers::read_from(job& from)
{
    std::array<char, 65'536> bytes{};
    auto const got = ::read(from.output, bytes.data(), bytes.size());
    if (got <= 0)
        return false;
    constexpr std::size_t most = 1024 * 1024;
    if (from.text.size() < most)
        from.text.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
}

script_result workers::finish(job& ended)
{
    ::close(ended.output);
    int status = 0;
    ::waitpid(ended.process, &status, 0);
    script_result made;
    made.text = std::move(ended.text);
    if (ended.killed)
        made.text = "it hangs and was killed";
    else if (WIFSIGNALED(status))
        made.text = std::string("crashed: ") + ::strsignal(WTERMSIG(status)) +
                    (made.text.empty() ? "" : "\n" + made.text);
    else if (WEXITSTATUS(status) == 0)
        made.how = script_result::kind::passed;
    else if (WEXITSTATUS(status) == exit_skipped)
        made.how = script_result::kind::skipped;
    else if (WEXITSTATUS(status) != worker_failed)
        made.text = "ended with status " + std::to_string(WEXITSTATUS(status)) + "\n" + made.text;
    return made;
}

} // namespace fluxer::auth::faults
