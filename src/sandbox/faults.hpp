#ifndef FLUXER_AUTH_SANDBOX_FAULTS_HPP
#define FLUXER_AUTH_SANDBOX_FAULTS_HPP

#include "fluxer/auth_sandbox.hpp"

#include "sandbox/exchange.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::sandbox_detail {

/// The faults that are set, by operation; each is counted down as it strikes. Thread-safe.
class fault_table
{
public:
    /// @throws std::invalid_argument for a value out of its range
    void set(std::string_view operation, sandbox_fault const& fault);
    void clear();

    /// What shall befall a request for this operation.
    std::optional<sandbox_fault> take(std::string_view operation);

    /// Whether a new connection shall be refused.
    bool take_refusal();

private:
    std::optional<sandbox_fault> take_entry(std::string_view operation, bool refusal);

    std::mutex mutex_;
    std::map<std::string, sandbox_fault, std::less<>> faults_;
};

/// What a fault of kind `status`, `html`, `answer` or `overloaded` sends.
reply fault_reply(sandbox_fault const& fault);

reply overloaded_reply();

/// Name of a kind in the control API.
std::optional<sandbox_fault_kind> fault_kind_from(std::string_view name);

} // namespace fluxer::auth::sandbox_detail

#endif
