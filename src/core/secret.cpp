#include <fluxer/auth/secret.hpp>

#include "core/recycled_memory.hpp"

#include <openssl/crypto.h>

#include <cstring>
#include <utility>

namespace fluxer::auth {

secret::secret(std::string_view text)
{
    assign(text);
}

secret::secret(char const* text)
{
    if (text != nullptr)
        assign(text);
}

secret::secret(std::string&& text)
{
    assign(text);
    // The bytes beyond size() may still hold what the string was before it shrank.
    text.resize(text.capacity());
    core::cleanse(text.data(), text.size());
    text.clear();
}

secret::secret(std::string const& text)
{
    assign(text);
}

secret::secret(secret const& other)
{
    assign(other.reveal());
}

secret& secret::operator=(secret const& other)
{
    if (this != &other)
        assign(other.reveal());
    return *this;
}

secret& secret::operator=(secret&& other) noexcept
{
    if (this != &other) {
        wipe();
        bytes_ = std::exchange(other.bytes_, nullptr);
        size_ = std::exchange(other.size_, 0);
    }
    return *this;
}

void secret::assign(std::string_view text)
{
    // Copied before the old bytes go: the text may be a part of them.
    auto room = text.size();
    auto* const bytes = text.empty() ? nullptr : static_cast<char*>(core::take_memory(room));
    if (bytes != nullptr)
        std::memcpy(bytes, text.data(), text.size());
    wipe();
    bytes_ = bytes;
    size_ = text.size();
}

void secret::wipe() noexcept
{
    if (bytes_ != nullptr) {
        core::cleanse(bytes_, size_);
        core::give_back_memory(std::exchange(bytes_, nullptr), size_);
    }
    size_ = 0;
}

bool operator==(secret const& left, secret const& right) noexcept
{
    return left.size_ == right.size_ &&
           (left.size_ == 0 || CRYPTO_memcmp(left.bytes_, right.bytes_, left.size_) == 0);
}

} // namespace fluxer::auth
