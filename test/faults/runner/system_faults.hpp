#ifndef FLUXER_AUTH_TEST_FAULTS_SYSTEM_FAULTS_HPP
#define FLUXER_AUTH_TEST_FAULTS_SYSTEM_FAULTS_HPP

#include "item.hpp"

#include <cstddef>
#include <vector>

namespace fluxer::auth::faults {

/// A call of the system that fails where the client makes it.
struct system_fault
{
    std::size_t call = 0; ///< 0: socket, 1: connect, 2: send, 3: recv
    int error = 0;        ///< errno; 0: send takes and recv gives at most `bytes`
    std::size_t bytes = 0;
    std::size_t skip = 0;
    std::size_t times = 0;
};

/// "system".
std::vector<system_fault> read_system_faults(members& script);

/// From now on, for calls of this thread only.
void use_system_faults(std::vector<system_fault> faults);

} // namespace fluxer::auth::faults

#endif
