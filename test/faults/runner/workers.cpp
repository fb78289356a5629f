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

/// Between the text and the kind of a result, in what a process writes.
constexpr char end_of_text = '\0';

/// For reading, making keys and clearing up, beside the script's own limit; sanitizers are slow.
constexpr auto grace = std::chrono::seconds(60);

char letter_of(script_result::kind how)
{
    return how == script_result::kind::passed ? 'p' : how == script_result::kind::skipped ? 's' : 'f';
}

script_result::kind kind_of(char letter)
{
    return letter == 'p'   ? script_result::kind::passed
           : letter == 's' ? script_result::kind::skipped
                           : script_result::kind::failed;
}

/// Empty: it ended as it should.
std::string complaint_of(int status, bool killed)
{
    if (killed)
        return "it hangs and was killed";
    if (WIFSIGNALED(status))
        return std::string("crashed: ") + ::strsignal(WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        return "ended with status " + std::to_string(WEXITSTATUS(status));
    return {};
}

} // namespace

workers::workers(std::size_t jobs, std::size_t together, work what, listener done)
    : jobs_(jobs)
    , together_(together)
    , work_(std::move(what))
    , done_(std::move(done))
{}

void workers::run(std::vector<std::filesystem::path> const& files)
{
    files_ = files;
    results_.assign(files_.size(), std::nullopt);
    divide();
    std::size_t told = 0;
    while (told < files_.size()) {
        while (running_.size() < jobs_ && !waiting_.empty()) {
            auto const which = waiting_.front();
            waiting_.pop_front();
            start(which);
        }
        collect();
        for (; told < files_.size() && results_[told]; ++told)
            done_(files_[told], *results_[told]);
    }
}

void workers::divide()
{
    for (std::size_t first = 0; first < files_.size(); first += together_)
        waiting_.push_back({first, std::min(first + together_, files_.size())});
}

void workers::start(range which)
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
        be_child(which, ends[1]);
    }
    ::close(ends[1]);
    job made;
    made.scripts = which;
    made.process = process;
    made.output = ends[0];
    made.deadline = deadline_of(which.first);
    running_.push_back(std::move(made));
}

void workers::be_child(range which, int output) const
{
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::close(output);
    for (; which.first != which.last; ++which.first) {
        auto how = script_result::kind::failed;
        try {
            how = work_(files_[which.first]);
        } catch (std::exception const& e) {
            std::cout << e.what();
        }
        std::cout << end_of_text << letter_of(how) << std::flush;
    }
    // Not _exit: the sanitizers look for leaks at a program's end.
    std::exit(0);
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
        if (waiting[index].revents == 0 || read_from(each))
            rest.push_back(std::move(each));
        else
            finish(each);
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
    // What is too long is cut, but for its end.
    if (from.text.size() > most)
        from.text.resize(most);
    from.text.append(bytes.data(), static_cast<std::size_t>(got));
    take_results(from);
    return true;
}

void workers::take_results(job& from)
{
    for (;;) {
        auto const end = from.text.find(end_of_text);
        if (end == std::string::npos || end + 1 == from.text.size())
            return;
        from.ended.push_back({kind_of(from.text[end + 1]), from.text.substr(0, end)});
        from.text.erase(0, end + 2);
        if (from.next() < from.scripts.last)
            from.deadline = deadline_of(from.next());
    }
}

void workers::finish(job& over)
{
    ::close(over.output);
    int status = 0;
    ::waitpid(over.process, &status, 0);
    auto const complaint = complaint_of(status, over.killed);
    if (!complaint.empty() || over.next() < over.scripts.last)
        blame(over, complaint.empty() ? "ended too early" : complaint);
    auto index = over.scripts.first;
    for (auto& each : over.ended)
        results_[index++] = std::move(each);
    // The others get a process that has not seen this.
    if (index < over.scripts.last)
        waiting_.push_front({index, over.scripts.last});
}

/// The script that was under way, or the last one if all had ended.
void workers::blame(job& over, std::string const& complaint)
{
    script_result made;
    made.text = complaint + (over.text.empty() ? "" : "\n" + over.text);
    if (over.next() < over.scripts.last) {
        over.ended.push_back(std::move(made));
        return;
    }
    if (over.ended.size() > 1)
        made.text =
            "one of the " + std::to_string(over.ended.size()) + " scripts up to this one: " + made.text;
    over.ended.back() = std::move(made);
}

clock::time_point workers::deadline_of(std::size_t script) const
{
    auto limit = script_header().limit;
    try {
        limit = read_header(read_json(files_[script])).limit;
    } catch (script_error const&) {
        // Whoever runs it says so.
    }
    return clock::now() + limit + grace;
}

} // namespace fluxer::auth::faults
