// Takes the place of the C library's functions and of operator new, for the whole program.

#include "support/allocations.hpp"

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <new>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace fluxer::auth::bench {

namespace {

std::atomic<std::uint64_t> all{0};
std::atomic<std::uint64_t> from_new{0};

void count(std::atomic<std::uint64_t>& which)
{
    which.fetch_add(1, std::memory_order_relaxed);
}

void* checked(void* memory)
{
    if (memory == nullptr)
        throw std::bad_alloc();
    count(all);
    count(from_new);
    return memory;
}

} // namespace

std::optional<allocations> count_allocations()
{
    return allocations{all.load(std::memory_order_relaxed), from_new.load(std::memory_order_relaxed)};
}

} // namespace fluxer::auth::bench

namespace bench = fluxer::auth::bench;

// Those of the C library are to be found by its own names.
#pragma GCC visibility push(default)

extern "C" {

void* malloc(std::size_t size)
{
    bench::count(bench::all);
    return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size)
{
    bench::count(bench::all);
    return __libc_calloc(count, size);
}

void* realloc(void* memory, std::size_t size)
{
    bench::count(bench::all);
    return __libc_realloc(memory, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size)
{
    bench::count(bench::all);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t size)
{
    bench::count(bench::all);
    *memory = __libc_memalign(alignment, size);
    return *memory == nullptr ? ENOMEM : 0;
}
}

void* operator new(std::size_t size)
{
    return bench::checked(__libc_malloc(size));
}

void* operator new[](std::size_t size)
{
    return bench::checked(__libc_malloc(size));
}

void* operator new(std::size_t size, std::align_val_t alignment)
{
    return bench::checked(__libc_memalign(static_cast<std::size_t>(alignment), size));
}

void* operator new[](std::size_t size, std::align_val_t alignment)
{
    return bench::checked(__libc_memalign(static_cast<std::size_t>(alignment), size));
}

#pragma GCC visibility pop
