#include "allocations/failing_new.hpp"

#include <cerrno>
#include <cstdlib>
#include <new>
#include <utility>

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

void* take(std::size_t size, std::size_t alignment) noexcept
{
    if (alignment <= alignof(std::max_align_t))
        return std::malloc(size == 0 ? 1 : size);
    void* memory = nullptr;
    return ::posix_memalign(&memory, alignment, size) == 0 ? memory : nullptr;
}

void* allocate(std::size_t size, std::size_t alignment)
{
    auto* const memory = fails_now() ? nullptr : take(size, alignment);
    if (memory == nullptr)
        throw std::bad_alloc();
    return memory;
}

// What Asio 1.26 takes handlers and coroutine frames from (asio/detail/memory.hpp).
void* allocate_aligned(std::size_t alignment, std::size_t size) noexcept
{
    auto* const memory = fails_now() ? nullptr : take(size, alignment);
    if (memory == nullptr)
        errno = ENOMEM;
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

spared_allocations::spared_allocations() noexcept
    : was_armed_(std::exchange(armed, false))
{}

spared_allocations::~spared_allocations()
{
    armed = was_armed_;
}

} // namespace fluxer::auth::test

// They take the place of the libraries', for the whole program.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept
{
    return fluxer::auth::test::allocate_aligned(alignment, size);
}

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
