#ifndef FLUXER_AUTH_SANDBOX_OUTBOX_HPP
#define FLUXER_AUTH_SANDBOX_OUTBOX_HPP

#include "fluxer/auth_sandbox.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fluxer::auth::sandbox_detail {

/// Mails by recipient, so that finding one stays quick with thousands of accounts.
class outbox
{
public:
    void add(sandbox_mail mail);
    /// Oldest first; an empty address means everybody.
    std::vector<sandbox_mail> mails(std::string_view address) const;
    std::optional<sandbox_mail> last(std::string_view address, std::string_view kind) const;
    void clear();

private:
    struct entry
    {
        std::uint64_t number;
        sandbox_mail mail;
    };

    std::unordered_map<std::string, std::vector<entry>> by_address_; // lower case
    std::uint64_t count_ = 0;
};

} // namespace fluxer::auth::sandbox_detail

#endif
