#include "freed_memory.hpp"

#include <malloc.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace {

std::string_view watched;
std::size_t blocks_found = 0;

void* allocate_or_null(std::size_t size) noexcept
{
    return std::malloc(size == 0 ? 1 : size);
}

void* allocate(std::size_t size)
{
    if (auto* const block = allocate_or_null(size))
        return block;
    throw std::bad_alloc();
}

void release(void* block) noexcept
{
    if (block != nullptr && !watched.empty() &&
        memmem(block, malloc_usable_size(block), watched.data(), watched.size()) != nullptr)
        ++blocks_found;
    std::free(block);
}

} // namespace

void* operator new(std::size_t size)
{
    return allocate(size);
}

void* operator new[](std::size_t size)
{
    return allocate(size);
}

void* operator new(std::size_t size, std::nothrow_t const&) noexcept
{
    return allocate_or_null(size);
}

void* operator new[](std::size_t size, std::nothrow_t const&) noexcept
{
    return allocate_or_null(size);
}

void operator delete(void* block) noexcept
{
    release(block);
}

void operator delete[](void* block) noexcept
{
    release(block);
}

void operator delete(void* block, std::size_t) noexcept
{
    release(block);
}

void operator delete[](void* block, std::size_t) noexcept
{
    release(block);
}

void operator delete(void* block, std::nothrow_t const&) noexcept
{
    release(block);
}

void operator delete[](void* block, std::nothrow_t const&) noexcept
{
    release(block);
}

namespace fluxer::auth::test {

freed_memory_watch::freed_memory_watch(std::string_view text) noexcept
{
    blocks_found = 0;
    watched = text;
}

freed_memory_watch::~freed_memory_watch()
{
    watched = {};
}

std::size_t freed_memory_watch::found() const noexcept
{
    return blocks_found;
}

} // namespace fluxer::auth::test
