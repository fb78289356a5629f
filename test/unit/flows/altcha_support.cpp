#include "altcha_support.hpp"

#include <boost/json/parse.hpp>

#include <openssl/evp.h>

#include <array>
#include <cstddef>

namespace fluxer::auth::test {

std::string hash_of(std::string const& text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
    std::string digits;
    for (unsigned index = 0; index < size; ++index) {
        digits.push_back("0123456789abcdef"[digest[index] >> 4]);
        digits.push_back("0123456789abcdef"[digest[index] & 15U]);
    }
    return digits;
}

boost::json::object content_of(captcha_proof const& proof)
{
    std::string const token(proof.token.reveal());
    std::string text(token.size(), '\0');
    auto const size = EVP_DecodeBlock(
        reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<unsigned char const*>(token.data()),
        static_cast<int>(token.size()));
    text.resize(static_cast<std::size_t>(size));
    text.resize(text.find_last_of('}') + 1); // what the padding stood for
    return boost::json::parse(text).as_object();
}

} // namespace fluxer::auth::test
