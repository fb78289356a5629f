#include "core/secret_buffer.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace fluxer::auth::core {

namespace {

constexpr std::size_t smallest_capacity = 256;

} // namespace

secret_buffer::secret_buffer(secret_buffer&& other) noexcept
    : bytes_(std::move(other.bytes_))
    , size_(std::exchange(other.size_, 0))
    , capacity_(std::exchange(other.capacity_, 0))
{}

secret_buffer& secret_buffer::operator=(secret_buffer&& other) noexcept
{
    if (this != &other) {
        clear();
        bytes_ = std::move(other.bytes_);
        size_ = std::exchange(other.size_, 0);
        capacity_ = std::exchange(other.capacity_, 0);
    }
    return *this;
}

secret_buffer::~secret_buffer()
{
    clear();
}

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
        OPENSSL_cleanse(bytes_.get() + size, size_ - size);
    size_ = size;
}

void secret_buffer::clear() noexcept
{
    if (size_ != 0)
        OPENSSL_cleanse(bytes_.get(), size_);
    size_ = 0;
}

void secret_buffer::grow(std::size_t capacity)
{
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_ != 0) {
        std::memcpy(bytes.get(), bytes_.get(), size_);
        OPENSSL_cleanse(bytes_.get(), size_);
    }
    bytes_ = std::move(bytes);
    capacity_ = capacity;
}

} // namespace fluxer::auth::core
