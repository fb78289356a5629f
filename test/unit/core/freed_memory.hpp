#ifndef FLUXER_AUTH_TEST_UNIT_CORE_FREED_MEMORY_HPP
#define FLUXER_AUTH_TEST_UNIT_CORE_FREED_MEMORY_HPP

#include <cstddef>
#include <string_view>

namespace fluxer::auth::test {

/// While it lives, each block is searched for a text at the moment in which it is given back to the heap, which
/// is the last one in which looking at it is allowed.
class freed_memory_watch
{
public:
    /// @param text must itself not be on the heap
    explicit freed_memory_watch(std::string_view text) noexcept;
    freed_memory_watch(freed_memory_watch const&) = delete;
    freed_memory_watch& operator=(freed_memory_watch const&) = delete;
    ~freed_memory_watch();

    /// How many of the blocks freed so far held the text.
    std::size_t found() const noexcept;
};

} // namespace fluxer::auth::test

#endif
