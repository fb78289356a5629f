#ifndef FLUXER_AUTH_TEST_ALLOCATIONS_FAILING_NEW_HPP
#define FLUXER_AUTH_TEST_ALLOCATIONS_FAILING_NEW_HPP

#include <cstddef>

namespace fluxer::auth::test {

/// From now on, the allocation behind the first `count` ones of this thread fails, once.
void fail_allocation(std::size_t count) noexcept;

/// No further allocation fails. True: one has failed.
bool stop_failing() noexcept;

/// What is allocated meanwhile on this thread neither fails nor counts.
class spared_allocations
{
public:
    spared_allocations() noexcept;
    spared_allocations(spared_allocations const&) = delete;
    spared_allocations& operator=(spared_allocations const&) = delete;
    ~spared_allocations();

private:
    bool was_armed_;
};

} // namespace fluxer::auth::test

#endif
