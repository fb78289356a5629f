#include "allocations/failing_new.hpp"

#include <cstdlib>
#include <new>

namespace fluxer::auth::test {

namespace {

thread_local bool armed = false;
thread_local bool failed = false;
thread_local std::size_t left = 0;

bool fails_now() noexcept
{
    if (!armed || left-- > 0)
        return false;
    armed = false;
    failed = true;
    return true;
}

void* allocate(std::size_t size, std::size_t alignment)
{
    if (fails_now())
        throw std::bad_alloc();
    auto* const memory = alignment <= alignof(std::max_align_t)
                             ? std::malloc(size == 0 ? 1 : size)
                             : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    if (memory == nullptr)
        throw std::bad_alloc();
    return memory;
}

} // namespace

void fail_allocation(std::size_t count) noexcept
{
    left = count;
    failed = false;
    armed = true;
}

bool stop_failing() noexcept
{
    armed = false;
    return failed;
}

} // namespace fluxer::auth::test

// They take the place of the library's, for the whole program.
void* operator new(std::size_t size)
{
    return fluxer::auth::test::allocate(size, 1);
}

void* operator new[](std::size_t size)
{
    return fluxer::auth::test::allocate(size, 1);
}

void* operator new(std::size_t size, std::align_val_t alignment)
{
    return fluxer::auth::test::allocate(size, static_cast<std::size_t>(alignment));
}

void operator delete(void* memory) noexcept
{
    std::free(memory);
}

void operator delete[](void* memory) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

void operator delete[](void* memory, std::size_t) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::align_val_t) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t, std::align_val_t) noexcept
{
    std::free(memory);
}
