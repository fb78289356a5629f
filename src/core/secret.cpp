#include <fluxer/auth/secret.hpp>

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
    OPENSSL_cleanse(text.data(), text.size());
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

secret::secret(secret&& other) noexcept
    : bytes_(std::move(other.bytes_))
    , size_(std::exchange(other.size_, 0))
{}

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
        bytes_ = std::move(other.bytes_);
        size_ = std::exchange(other.size_, 0);
    }
    return *this;
}

secret::~secret()
{
    wipe();
}

void secret::assign(std::string_view text)
{
    // Copied before the old bytes go: the text may be a part of them.
    auto bytes = text.empty() ? nullptr : std::make_unique_for_overwrite<char[]>(text.size());
    if (bytes)
        std::memcpy(bytes.get(), text.data(), text.size());
    wipe();
    bytes_ = std::move(bytes);
    size_ = text.size();
}

void secret::wipe() noexcept
{
    if (bytes_)
        OPENSSL_cleanse(bytes_.get(), size_);
    bytes_.reset();
    size_ = 0;
}

bool operator==(secret const& left, secret const& right) noexcept
{
    return left.size_ == right.size_ &&
           (left.size_ == 0 || CRYPTO_memcmp(left.bytes_.get(), right.bytes_.get(), left.size_) == 0);
}

} // namespace fluxer::auth
