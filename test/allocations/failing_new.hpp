#ifndef FLUXER_AUTH_TEST_ALLOCATIONS_FAILING_NEW_HPP
#define FLUXER_AUTH_TEST_ALLOCATIONS_FAILING_NEW_HPP

#include <cstddef>

namespace fluxer::auth::test {

/// From now on, the allocation behind the first `count` ones of this thread fails, once.
void fail_allocation(std::size_t count) noexcept;

/// No further allocation fails. True: one has failed.
bool stop_failing() noexcept;

} // namespace fluxer::auth::test

#endif
