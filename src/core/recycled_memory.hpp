#ifndef FLUXER_AUTH_CORE_RECYCLED_MEMORY_HPP
#define FLUXER_AUTH_CORE_RECYCLED_MEMORY_HPP

#include <cstddef>

namespace fluxer::auth::core {

/// Overwrites memory, in a way that no compiler leaves out.
void cleanse(void* memory, std::size_t size) noexcept;

/// Memory of each thread that calls use one after the other: a login takes a dozen blocks, and the next one takes the
/// same. At most a few of each size are kept; all go with their thread. A block may be given back by another thread.
///
/// @param size what is needed; becomes what there is
[[nodiscard]] void* take_memory(std::size_t& size);

/// Cleansed before by whoever had secrets in it.
///
/// @param size as take_memory() was asked for or made it
void give_back_memory(void* memory, std::size_t size) noexcept;

} // namespace fluxer::auth::core

#endif
