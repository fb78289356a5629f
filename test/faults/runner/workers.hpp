#ifndef FLUXER_AUTH_TEST_FAULTS_WORKERS_HPP
#define FLUXER_AUTH_TEST_FAULTS_WORKERS_HPP

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace fluxer::auth::faults {

/// What became of one script.
struct script_result
{
    enum class kind { passed, failed, skipped };

    kind how = kind::failed;
    std::string text; ///< why
};

/// Runs each script in a process of its own, several at a time: neither a crash nor a loop without end in one of them
/// can take the others along.
class workers
{
public:
    /// Writes what is to be said about the script, and returns whether it passed, was skipped or failed.
    using work = std::function<script_result::kind(std::filesystem::path const&)>;
    using listener = std::function<void(std::filesystem::path const&, script_result const&)>;

    workers(std::size_t jobs, work what, listener done);

    /// Tells the listener of each in the given order.
    void run(std::vector<std::filesystem::path> const& files);

private:
    struct job
    {
        std::size_t index = 0;
        pid_t process = 0;
        int output = -1;
        std::string text;
        std::chrono::steady_clock::time_point deadline;
        bool killed = false;
    };

    void start(std::filesystem::path const& file, std::size_t index);
    [[noreturn]] void be_child(std::filesystem::path const& file, int output) const;
    void collect();
    bool read_from(job& from);
    script_result finish(job& ended);

    std::size_t jobs_;
    work work_;
    listener done_;
    std::vector<job> running_;
    std::vector<script_result> results_;
    std::vector<bool> has_result_;
};

} // namespace fluxer::auth::faults

#endif
