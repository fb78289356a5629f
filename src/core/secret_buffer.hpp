#ifndef FLUXER_AUTH_CORE_SECRET_BUFFER_HPP
#define FLUXER_AUTH_CORE_SECRET_BUFFER_HPP

#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

namespace fluxer::auth::core {

/// A growing byte buffer whose memory is cleansed whenever it is given back: requests and answers hold passwords
/// and tokens, which a std::string would leave behind on the heap at each growth.
class secret_buffer
{
public:
    secret_buffer() noexcept = default;

    // Here, since most of them are moved about empty, and a call has two dozen.
    secret_buffer(secret_buffer&& other) noexcept
        : bytes_(std::exchange(other.bytes_, nullptr))
        , size_(std::exchange(other.size_, 0))
        , capacity_(std::exchange(other.capacity_, 0))
    {}

    secret_buffer& operator=(secret_buffer&& other) noexcept
    {
        secret_buffer taken(std::move(other));
        std::swap(bytes_, taken.bytes_);
        std::swap(size_, taken.size_);
        std::swap(capacity_, taken.capacity_);
        return *this;
    }

    secret_buffer(secret_buffer const&) = delete;
    secret_buffer& operator=(secret_buffer const&) = delete;

    ~secret_buffer()
    {
        if (bytes_ != nullptr)
            give_back();
    }

    void append(std::string_view text)
    {
        if (text.size() > capacity_ - size_)
            make_room(text.size());
        // memcpy from or to nowhere is undefined even for nothing.
        if (!text.empty())
            std::memcpy(bytes_ + size_, text.data(), text.size());
        size_ += text.size();
    }

    void push_back(char character)
    {
        if (size_ == capacity_)
            make_room(1);
        bytes_[size_++] = character;
    }

    /// Room for `size` bytes in all.
    void reserve(std::size_t size);

    /// Makes the buffer `size` long; new bytes are undefined, for reading into.
    void resize(std::size_t size);

    /// Cleanses the content and keeps the memory.
    void clear() noexcept;

    char* data() noexcept { return bytes_; }

    char const* data() const noexcept { return bytes_; }

    std::size_t size() const noexcept { return size_; }

    std::size_t capacity() const noexcept { return capacity_; }

    bool empty() const noexcept { return size_ == 0; }

    std::string_view view() const noexcept { return {bytes_, size_}; }

private:
    void make_room(std::size_t more);
    void grow(std::size_t capacity);
    void give_back() noexcept; ///< leaves the pointer

    char* bytes_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

} // namespace fluxer::auth::core

#endif
