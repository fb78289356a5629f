#include "core/altcha.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace fluxer::auth::core {

namespace {

using context_pointer = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr unsigned numbers_between_looks = 64;
constexpr std::int64_t last_second = 253'402'300'799; // 9999-12-31

EVP_MD const* hash_named(std::string_view algorithm) noexcept
{
    if (algorithm == "SHA-256")
        return EVP_sha256();
    if (algorithm == "SHA-384")
        return EVP_sha384();
    return algorithm == "SHA-512" ? EVP_sha512() : nullptr;
}

unsigned char digit_value(char digit) noexcept
{
    if (digit <= '9')
        return static_cast<unsigned char>(digit - '0');
    return static_cast<unsigned char>((digit | 0x20) - 'a' + 10);
}

std::vector<unsigned char> bytes_of(std::string_view digits)
{
    std::vector<unsigned char> bytes;
    for (std::size_t index = 0; index + 1 < digits.size(); index += 2)
        bytes.push_back(
            static_cast<unsigned char>(digit_value(digits[index]) << 4 | digit_value(digits[index + 1])));
    return bytes;
}

/// Hashes of one salt with a number behind it. The salt is hashed once.
class salted_hash
{
public:
    salted_hash(EVP_MD const* hash, std::string_view salt)
        : salted_(EVP_MD_CTX_new(), &EVP_MD_CTX_free)
        , work_(EVP_MD_CTX_new(), &EVP_MD_CTX_free)
    {
        require(
            salted_ && work_ && hash != nullptr && EVP_DigestInit_ex(salted_.get(), hash, nullptr) == 1 &&
            EVP_DigestUpdate(salted_.get(), salt.data(), salt.size()) == 1);
    }

    /// The view lasts until the next call.
    std::span<unsigned char const> of(std::uint64_t number)
    {
        std::array<char, 20> digits{};
        auto const written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
        auto const length = static_cast<std::size_t>(written.ptr - digits.data());
        unsigned size = 0;
        require(
            EVP_MD_CTX_copy_ex(work_.get(), salted_.get()) == 1 &&
            EVP_DigestUpdate(work_.get(), digits.data(), length) == 1 &&
            EVP_DigestFinal_ex(work_.get(), digest_.data(), &size) == 1);
        return std::span(digest_).first(size);
    }

private:
    static void require(bool done)
    {
        if (done)
            return;
        ERR_clear_error();
        throw std::runtime_error("OpenSSL has no such hash");
    }

    context_pointer salted_;
    context_pointer work_;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest_{};
};

} // namespace

std::size_t altcha_hash_digits(std::string_view algorithm) noexcept
{
    auto const* const hash = hash_named(algorithm);
    return hash == nullptr ? 0 : 2 * static_cast<std::size_t>(EVP_MD_get_size(hash));
}

bool is_altcha_hash(std::string_view digits, std::string_view algorithm) noexcept
{
    auto const wanted = altcha_hash_digits(algorithm);
    return wanted != 0 && digits.size() == wanted && std::all_of(digits.begin(), digits.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
           });
}

std::optional<timestamp> altcha_expiry(std::string_view salt) noexcept
{
    constexpr std::string_view name = "expires=";
    auto const question = salt.find('?');
    if (question == std::string_view::npos)
        return std::nullopt;
    for (auto rest = salt.substr(question + 1);;) {
        auto const end = rest.find('&');
        auto const parameter = rest.substr(0, end);
        if (parameter.starts_with(name)) {
            auto const value = parameter.substr(name.size());
            std::int64_t seconds = 0;
            auto const [stop, problem] = std::from_chars(value.data(), value.data() + value.size(), seconds);
            if (problem != std::errc{} || stop != value.data() + value.size() || seconds < 0 ||
                seconds > last_second)
                return std::nullopt;
            return timestamp(std::chrono::seconds(seconds));
        }
        if (end == std::string_view::npos)
            return std::nullopt;
        rest.remove_prefix(end + 1);
    }
}

std::optional<std::uint64_t> solve_altcha(
    altcha_challenge const& challenge, std::uint64_t first, std::uint64_t last,
    std::function<bool()> const& stop)
{
    auto const wanted = bytes_of(challenge.challenge);
    salted_hash hash(hash_named(challenge.algorithm), challenge.salt);
    unsigned until_look = 0;
    for (auto number = first; number <= last; ++number) {
        if (until_look-- == 0) {
            if (stop())
                return std::nullopt;
            until_look = numbers_between_looks - 1;
        }
        auto const digest = hash.of(number);
        if (std::equal(digest.begin(), digest.end(), wanted.begin(), wanted.end()))
            return number;
        if (number == last)
            break; // the greatest number there is has none behind it
    }
    return std::nullopt;
}

} // namespace fluxer::auth::core
