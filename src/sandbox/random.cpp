#include "sandbox/random.hpp"

#include <openssl/rand.h>

#include <stdexcept>

namespace fluxer::auth::sandbox_detail {

std::string random_bytes(std::size_t length)
{
    std::string bytes(length, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(length)) != 1)
        throw std::runtime_error("the random generator failed");
    return bytes;
}

std::string random_text(std::string_view alphabet, std::size_t length)
{
    // Bytes from the uneven rest of the range are drawn again.
    std::size_t const even = 256 - 256 % alphabet.size();
    std::string text;
    text.reserve(length);
    while (text.size() < length) {
        for (char const byte : random_bytes(length)) {
            std::size_t const value = static_cast<unsigned char>(byte);
            if (value < even && text.size() < length)
                text.push_back(alphabet[value % alphabet.size()]);
        }
    }
    return text;
}

std::string random_base62(std::size_t length)
{
    return random_text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length);
}

std::string random_hex(std::size_t length)
{
    return random_text("0123456789abcdef", length);
}

std::string random_digits(std::size_t length)
{
    return random_text("0123456789", length);
}

std::string random_uuid()
{
    auto uuid = random_hex(36);
    for (std::size_t const dash : {8U, 13U, 18U, 23U})
        uuid[dash] = '-';
    uuid[14] = '4';
    uuid[19] = random_text("89ab", 1)[0];
    return uuid;
}

} // namespace fluxer::auth::sandbox_detail
