#ifndef FLUXER_AUTH_TEST_FAULTS_WORKERS_HPP
#define FLUXER_AUTH_TEST_FAULTS_WORKERS_HPP

#include <chrono>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
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

/// Runs scripts in processes of their own, several at a time: neither a crash nor a loop without end in one of them can
/// take the others along. Making a process, and looking for leaks at its end, takes longer than most scripts: several
/// may have one, the one after the other.
class workers
{
public:
    /// Writes what is to be said about the script, and returns whether it passed, was skipped or failed.
    using work = std::function<script_result::kind(std::filesystem::path const&)>;
    using listener = std::function<void(std::filesystem::path const&, script_result const&)>;

    /// @param jobs so many processes at a time
    /// @param together so many scripts to a process
    workers(std::size_t jobs, std::size_t together, work what, listener done);

    /// Tells the listener of each in the given order.
    void run(std::vector<std::filesystem::path> const& files);

private:
    /// Those from first up to, not including, last.
    struct range
    {
        std::size_t first = 0;
        std::size_t last = 0;
    };

    struct job
    {
        range scripts;
        std::vector<script_result> ended; ///< of the first of them
        pid_t process = 0;
        int output = -1;
        std::string text; ///< of what comes behind those
        std::chrono::steady_clock::time_point deadline;
        bool killed = false;

        std::size_t next() const { return scripts.first + ended.size(); }
    };

    void divide();
    void start(range which);
    [[noreturn]] void be_child(range which, int output) const;
    void collect();
    bool read_from(job& from);
    void take_results(job& from);
    void finish(job& over);
    void blame(job& over, std::string const& complaint);
    std::chrono::steady_clock::time_point deadline_of(std::size_t script) const;

    std::size_t jobs_;
    std::size_t together_;
    work work_;
    listener done_;
    std::vector<std::filesystem::path> files_;
    std::deque<range> waiting_;
    std::vector<job> running_;
    std::vector<std::optional<script_result>> results_;
};

} // namespace fluxer::auth::faults

#endif
