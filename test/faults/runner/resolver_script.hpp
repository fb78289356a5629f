#ifndef FLUXER_AUTH_TEST_FAULTS_RESOLVER_SCRIPT_HPP
#define FLUXER_AUTH_TEST_FAULTS_RESOLVER_SCRIPT_HPP

#include "item.hpp"
#include "signals.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth::faults {

/// One lookup's answer.
struct lookup_plan
{
    std::vector<std::string> addresses;
    std::optional<std::string> failure;
    std::chrono::milliseconds block{0};
    std::string wait_for; ///< a signal
};

/// "resolver": the answers in turn; the last one is repeated. Nothing said: the server's first address.
std::vector<lookup_plan> read_lookups(members& script, std::string const& server_address);

/// Answers lookups as a script says. Lookups run on threads of the library that nobody joins, so they share this.
class scripted_resolver
{
public:
    scripted_resolver(std::vector<lookup_plan> plan, std::shared_ptr<signals> hub);

    std::vector<std::string> look_up();

    std::size_t lookups() const;

private:
    std::vector<lookup_plan> plan_;
    std::shared_ptr<signals> hub_;
    mutable std::mutex mutex_;
    std::size_t lookups_ = 0;
};

} // namespace fluxer::auth::faults

#endif
