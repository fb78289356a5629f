#ifndef FLUXER_AUTH_TEST_FAULTS_STEPS_HPP
#define FLUXER_AUTH_TEST_FAULTS_STEPS_HPP

#include "item.hpp"
#include "signals.hpp"

#include "scripted/peer.hpp"

#include <functional>
#include <string>
#include <vector>

namespace fluxer::auth::faults {

/// The server's side of one connection while it runs a script's steps.
struct actor
{
    test::peer& with;
    signals& hub;
    unsigned short port;
    std::function<void(std::string)> report; ///< what was not as the script expects it

    /// The bytes with {port} replaced.
    std::string placed(std::string bytes) const;
};

/// One step, ready to run. False: the steps behind it are not run.
using step = std::function<bool(actor&)>;

struct step_list
{
    std::vector<step> steps;
    bool has_handshake = false; ///< a step says when, if at all, it takes place

    bool run(actor& on) const;
};

step_list read_steps(item const& from);

} // namespace fluxer::auth::faults

#endif
