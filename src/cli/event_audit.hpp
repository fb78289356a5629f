#ifndef FLUXER_AUTH_CLI_EVENT_AUDIT_HPP
#define FLUXER_AUTH_CLI_EVENT_AUDIT_HPP

#include <fluxer/auth/observer.hpp>

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace fluxer::auth::cli {

/// Keeps account of a client's events: each call begins and ends once, and a login, which must not be repeated, is
/// written to a connection completely at most once.
class event_audit final : public observer
{
public:
    void on_event(event const& what) override;

    /// What is wrong; to be asked when all calls have ended.
    std::vector<std::string> complaints() const;

private:
    std::unordered_map<std::uint64_t, unsigned> open_; ///< by call: how often it was written
    std::uint64_t begun_again_ = 0;
    std::uint64_t ended_unbegun_ = 0;
    std::uint64_t logins_sent_again_ = 0;
};

} // namespace fluxer::auth::cli

#endif
