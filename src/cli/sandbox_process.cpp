#include "cli/sandbox_process.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fluxer::auth::cli {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr std::chrono::seconds longest_start{15};
constexpr std::chrono::seconds longest_stop{30};
constexpr std::string_view url_label = "base URL: ";

[[noreturn]] void fail(char const* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

/// A folder that only this user can look into, removed with all that is in it.
class private_folder
{
public:
    private_folder()
        : path_((std::filesystem::temp_directory_path() / "fluxer-auth-XXXXXX").string())
    {
        if (!::mkdtemp(path_.data()))
            fail("cannot make a temporary folder");
    }

    ~private_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    private_folder(private_folder const&) = delete;
    private_folder& operator=(private_folder const&) = delete;

    std::string file(char const* name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

std::string contents_of(std::string const& path)
{
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in || text.str().empty())
        throw std::runtime_error("the sandbox wrote no certificate");
    return text.str();
}

/// Runs in the child between fork and exec: system calls only.
[[noreturn]] void become_sandbox(pid_t parent, int output, char const* const* words)
{
    // A process group of its own: Ctrl-C is for the parent, which ends the child in its own time.
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have ended before that took effect.
    if (::getppid() == parent && ::dup2(output, STDOUT_FILENO) >= 0)
        ::execv("/proc/self/exe", const_cast<char* const*>(words));
    ::_exit(127);
}

std::string first_line(int from)
{
    std::string text;
    auto const deadline = clock::now() + longest_start;
    for (;;) {
        if (auto const end = text.find('\n'); end != std::string::npos)
            return text.substr(0, end);
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
        if (left <= 0ms)
            throw std::runtime_error("the sandbox did not start in time");
        pollfd ready{from, POLLIN, 0};
        if (::poll(&ready, 1, static_cast<int>(left.count())) < 0 && errno != EINTR)
            fail("cannot wait for the sandbox");
        if (ready.revents == 0)
            continue;
        std::array<char, 512> bytes;
        auto const got = ::read(from, bytes.data(), bytes.size());
        if (got == 0)
            throw std::runtime_error("the sandbox ended before it served");
        if (got > 0)
            text.append(bytes.data(), static_cast<std::size_t>(got));
    }
}

/// @returns whether the child has ended, and was not waited for before
bool has_ended(pid_t child, int& status)
{
    return ::waitpid(child, &status, WNOHANG) == child;
}

} // namespace

sandbox_process::sandbox_process()
{
    private_folder const folder;
    auto const ca_file = folder.file("ca.pem");
    char const* const words[] = {"fluxer-auth", "sandbox",       "--port", "0",
                                 "--ca-out",    ca_file.c_str(), nullptr};
    std::array<int, 2> ends;
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        fail("cannot make a pipe");
    output_ = ends[0];
    auto const parent = ::getpid();
    id_ = ::fork();
    if (id_ == 0)
        become_sandbox(parent, ends[1], words);
    ::close(ends[1]);
    try {
        if (id_ < 0)
            fail("cannot start a process");
        auto const line = first_line(output_);
        if (!line.starts_with(url_label))
            throw std::runtime_error("the sandbox printed no base URL");
        base_url_ = line.substr(url_label.size());
        ca_pem_ = contents_of(ca_file);
    } catch (...) {
        stop();
        throw;
    }
}

sandbox_process::~sandbox_process()
{
    stop();
}

bool sandbox_process::stop() noexcept
{
    if (output_ >= 0)
        ::close(output_);
    output_ = -1;
    if (id_ <= 0)
        return false;
    int status = 0;
    ::kill(id_, SIGTERM);
    auto const deadline = clock::now() + longest_stop;
    bool ended = has_ended(id_, status);
    while (!ended && clock::now() < deadline) {
        std::this_thread::sleep_for(2ms);
        ended = has_ended(id_, status);
    }
    if (!ended) {
        ::kill(id_, SIGKILL);
        ::waitpid(id_, &status, 0);
    }
    id_ = -1;
    return ended && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace fluxer::auth::cli
