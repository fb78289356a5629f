#ifndef FLUXER_AUTH_TEST_FAULTS_SIGNALS_HPP
#define FLUXER_AUTH_TEST_FAULTS_SIGNALS_HPP

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace fluxer::auth::faults {

/// Named moments of a script's run. Each is given once and stays given; server, client and script wait for them.
///
/// Thread safety: any thread.
class signals
{
public:
    void give(std::string const& name);

    /// Blocks; false: the script is over.
    bool wait(std::string const& name);
    bool pause(std::chrono::milliseconds time);

    /// Calls `then` when the signal is given, at once if it was; on the thread that gives it.
    void when(std::string const& name, std::function<void()> then);

    bool given(std::string const& name) const;

    /// The script is over: nobody waits any longer.
    void finish();

    bool finished() const;

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::set<std::string> given_;
    std::vector<std::pair<std::string, std::function<void()>>> waiting_;
    bool finished_ = false;
};

} // namespace fluxer::auth::faults

#endif
