// Takes the place of the C library's functions and, through them, of operator new, for the whole program.

#include "support/allocations.hpp"

#include <openssl/crypto.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
}

namespace fluxer::auth::bench {

namespace {

std::atomic<std::uint64_t> own{0};
std::atomic<std::uint64_t> openssl{0};

void count(std::atomic<std::uint64_t>& which)
{
    which.fetch_add(1, std::memory_order_relaxed);
}

/// OpenSSL takes functions of one's own only before its first use.
struct openssl_counter
{
    openssl_counter()
    {
        auto const set = CRYPTO_set_mem_functions(
            [](std::size_t size, char const*, int) {
                count(openssl);
                return __libc_malloc(size);
            },
            [](void* memory, std::size_t size, char const*, int) {
                count(openssl);
                return __libc_realloc(memory, size);
            },
            [](void* memory, char const*, int) { __libc_free(memory); });
        if (set != 1)
            std::abort();
    }
};

openssl_counter const counts_openssl;

} // namespace

std::optional<allocations> count_allocations()
{
    return allocations{own.load(std::memory_order_relaxed), openssl.load(std::memory_order_relaxed)};
}

} // namespace fluxer::auth::bench

namespace bench = fluxer::auth::bench;

// To be found by every library.
#pragma GCC visibility push(default)

extern "C" {

void* malloc(std::size_t size)
{
    bench::count(bench::own);
    return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size)
{
    bench::count(bench::own);
    return __libc_calloc(count, size);
}

void* realloc(void* memory, std::size_t size)
{
    bench::count(bench::own);
    return __libc_realloc(memory, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size)
{
    bench::count(bench::own);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t size)
{
    bench::count(bench::own);
    *memory = __libc_memalign(alignment, size);
    return *memory == nullptr ? ENOMEM : 0;
}
}

#pragma GCC visibility pop
