#ifndef FLUXER_AUTH_TEST_FAULTS_PLAY_HPP
#define FLUXER_AUTH_TEST_FAULTS_PLAY_HPP

#include "script.hpp"

#include <string>
#include <vector>

namespace fluxer::auth::faults {

struct verdict
{
    std::string skipped;
    std::vector<std::string> found; ///< empty: as it should be
};

/// Runs a script in this process, which nothing else may be using.
verdict play(script const& what);

} // namespace fluxer::auth::faults

#endif
