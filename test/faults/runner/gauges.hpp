#ifndef FLUXER_AUTH_TEST_FAULTS_GAUGES_HPP
#define FLUXER_AUTH_TEST_FAULTS_GAUGES_HPP

#include "bound.hpp"

#include <fluxer/auth/stats.hpp>

#include <string>
#include <utility>
#include <vector>

namespace fluxer::auth::faults {

/// What a client's counters are expected to be, under their names in client_stats.
class gauges
{
public:
    gauges() = default;
    explicit gauges(item const& from);

    bool hold(client_stats const& seen) const;
    void check(client_stats const& seen, findings& into) const;

private:
    std::string path_;
    std::vector<std::pair<std::size_t, bound>> expected_; ///< index of the row
};

} // namespace fluxer::auth::faults

#endif
