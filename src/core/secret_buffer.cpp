#include "core/secret_buffer.hpp"

#include "core/recycled_memory.hpp"

#include <algorithm>

namespace fluxer::auth::core {

namespace {

constexpr std::size_t smallest_capacity = 256;

} // namespace

void secret_buffer::make_room(std::size_t more)
{
    grow(std::max({size_ + more, capacity_ * 2, smallest_capacity}));
}

void secret_buffer::reserve(std::size_t size)
{
    if (size > capacity_)
        grow(size);
}

void secret_buffer::resize(std::size_t size)
{
    reserve(size);
    if (size < size_)
        cleanse(bytes_ + size, size_ - size);
    size_ = size;
}

void secret_buffer::clear() noexcept
{
    if (size_ != 0)
        cleanse(bytes_, size_);
    size_ = 0;
}

void secret_buffer::grow(std::size_t capacity)
{
    auto* const bytes = static_cast<char*>(take_memory(capacity));
    auto const size = size_;
    if (size != 0)
        std::memcpy(bytes, bytes_, size);
    give_back();
    bytes_ = bytes;
    size_ = size;
    capacity_ = capacity;
}

void secret_buffer::give_back() noexcept
{
    clear();
    give_back_memory(bytes_, capacity_);
}

} // namespace fluxer::auth::core
