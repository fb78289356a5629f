#include "core/recycled_memory.hpp"

#include <array>
#include <bit>
#include <new>

#include <string.h> // explicit_bzero

namespace fluxer::auth::core {

namespace {

// The address sanitizer is to see each block's end.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool keeps = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool keeps = false;
#else
constexpr bool keeps = true;
#endif
#else
constexpr bool keeps = true;
#endif

constexpr std::size_t most_kept = 8; // of each size
constexpr std::size_t smallest = 16; // a code that thousands of waits keep has nine characters
constexpr std::size_t largest = 4096;
constexpr std::size_t sizes = std::bit_width(largest) - std::bit_width(smallest) + 1;

struct shelf
{
    std::array<void*, most_kept> blocks;
    std::size_t count;
};

/// Without a destructor, so that what ends later in the thread finds it in order.
struct shelves
{
    std::array<shelf, sizes> of_size;
    bool in_use;
    bool closed;
};

constinit thread_local shelves mine{};

/// Gives all of it back when the thread ends.
struct closer
{
    ~closer()
    {
        mine.closed = true;
        for (auto& each : mine.of_size) {
            while (each.count != 0)
                ::operator delete(each.blocks[--each.count]);
        }
    }
};

void close_at_the_end_of_this_thread()
{
    static thread_local closer const last;
    static_cast<void>(last);
}

/// The index of the shelf for that size.
std::size_t index_of(std::size_t size) noexcept
{
    return size <= smallest
               ? 0
               : static_cast<std::size_t>(std::bit_width(size - 1) - std::bit_width(smallest - 1));
}

} // namespace

void cleanse(void* memory, std::size_t size) noexcept
{
    explicit_bzero(memory, size);
}

void* take_memory(std::size_t& size)
{
    if (size > largest)
        return ::operator new(size);
    auto const index = index_of(size);
    size = smallest << index;
    auto& from = mine.of_size[index];
    return from.count != 0 ? from.blocks[--from.count] : ::operator new(size);
}

void give_back_memory(void* memory, std::size_t size) noexcept
{
    if (memory == nullptr)
        return;
    if (keeps && size <= largest && !mine.closed) {
        if (!mine.in_use) {
            mine.in_use = true;
            close_at_the_end_of_this_thread();
        }
        auto& to = mine.of_size[index_of(size)];
        if (to.count < most_kept) {
            to.blocks[to.count++] = memory;
            return;
        }
    }
    ::operator delete(memory);
}

} // namespace fluxer::auth::core
