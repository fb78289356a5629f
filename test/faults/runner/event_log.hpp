#ifndef FLUXER_AUTH_TEST_FAULTS_EVENT_LOG_HPP
#define FLUXER_AUTH_TEST_FAULTS_EVENT_LOG_HPP

#include "signals.hpp"

#include <fluxer/auth/observer.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fluxer::auth::faults {

/// Counts a client's events, and makes a signal of each: "event:retry" for the first, "event:retry:2" for the second.
class event_log : public observer
{
public:
    event_log(std::shared_ptr<signals> hub, bool throws);

    void on_event(event const& what) override;

    std::size_t count(std::string const& kind) const;

    /// What events said in words.
    std::string const& details() const noexcept { return details_; }

    /// The same of the events of one kind, in turn.
    std::vector<std::string> details(std::string const& kind) const;

    /// How long the pauses before further attempts were to be, in milliseconds.
    std::vector<std::int64_t> const& pauses() const noexcept { return pauses_; }

    /// Each start has its end; empty, or what has not.
    std::string unbalanced() const;

private:
    std::shared_ptr<signals> hub_;
    bool throws_;
    std::map<std::string, std::size_t> counts_;
    std::string details_;
    std::map<std::string, std::vector<std::string>> details_of_;
    std::vector<std::int64_t> pauses_;
};

} // namespace fluxer::auth::faults

#endif
