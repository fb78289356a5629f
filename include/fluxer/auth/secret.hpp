#ifndef FLUXER_AUTH_SECRET_HPP
#define FLUXER_AUTH_SECRET_HPP

#include <fluxer/auth/config.hpp>

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace fluxer::auth {

/// A password, token, ticket or code: text that must not be seen.
///
/// Cannot be streamed, compares in constant time, and cleanses its memory when destroyed, assigned to or
/// moved from. It converts from text implicitly, so that calls stay readable, and back only by reveal().
///
/// Thread safety: distinct objects may be used by distinct threads.
class FLUXER_AUTH_DECL secret
{
public:
    secret() noexcept = default;
    secret(std::string_view text);
    secret(char const* text);
    /// Takes the text and cleanses what is left of the argument's buffer.
    secret(std::string&& text);
    secret(std::string const& text);

    secret(secret const& other);

    secret(secret&& other) noexcept
        : bytes_(std::exchange(other.bytes_, nullptr))
        , size_(std::exchange(other.size_, 0))
    {}

    secret& operator=(secret const& other);
    secret& operator=(secret&& other) noexcept;

    ~secret()
    {
        if (bytes_ != nullptr)
            wipe();
    }

    /// The text itself. The view lives as long as this object is neither assigned to nor destroyed.
    std::string_view reveal() const noexcept { return {bytes_, size_}; }

    /// Length in bytes.
    std::size_t size() const noexcept { return size_; }

    bool empty() const noexcept { return size_ == 0; }

    /// Takes time that depends on the lengths only.
    friend FLUXER_AUTH_DECL bool operator==(secret const& left, secret const& right) noexcept;

private:
    void assign(std::string_view text);
    void wipe() noexcept;

    char* bytes_ = nullptr;
    std::size_t size_ = 0;
};

/// Secrets are never printed; reveal() says so in the source where it is really meant.
std::ostream& operator<<(std::ostream&, secret const&) = delete;

} // namespace fluxer::auth

#endif
