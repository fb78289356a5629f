#include "core/sealed_box.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>

namespace fluxer::auth::core {

namespace {

constexpr std::string_view magic = "FXPK";
constexpr char version = 1;
constexpr std::size_t salt_size = 16;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t cost_offset = magic.size() + 1;
constexpr std::size_t salt_offset = cost_offset + 1;
constexpr std::size_t nonce_offset = salt_offset + salt_size;
constexpr std::size_t header_size = nonce_offset + nonce_size;
constexpr std::uint64_t block_size = 8;
constexpr std::uint64_t parallel = 1;

using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

unsigned char* bytes_of(char* text) noexcept
{
    return reinterpret_cast<unsigned char*>(text); // NOLINT(*-reinterpret-cast)
}

unsigned char const* bytes_of(char const* text) noexcept
{
    return reinterpret_cast<unsigned char const*>(text); // NOLINT(*-reinterpret-cast)
}

void require(bool done)
{
    if (done)
        return;
    ERR_clear_error();
    throw std::runtime_error("OpenSSL failed");
}

/// The key of one passphrase and salt, cleansed with its scope.
class derived_key
{
public:
    derived_key(secret const& passphrase, std::string_view salt, unsigned cost)
    {
        auto const blocks = std::uint64_t{1} << cost;
        auto const memory = 128 * block_size * (blocks + parallel + 2); // RFC 7914 §2, and what OpenSSL adds
        auto const phrase = passphrase.reveal();
        require(
            EVP_PBE_scrypt(
                phrase.data(), phrase.size(), bytes_of(salt.data()), salt.size(), blocks, block_size,
                parallel, memory, bytes_.data(), bytes_.size()) == 1);
    }

    derived_key(derived_key const&) = delete;
    derived_key& operator=(derived_key const&) = delete;

    ~derived_key() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

    unsigned char const* data() const noexcept { return bytes_.data(); }

private:
    std::array<unsigned char, 32> bytes_{};
};

std::string new_header(unsigned cost)
{
    std::string header(magic);
    header.push_back(version);
    header.push_back(static_cast<char>(cost));
    header.resize(header_size);
    require(RAND_bytes(bytes_of(header.data() + salt_offset), salt_size + nonce_size) == 1);
    return header;
}

derived_key key_of(std::string_view header, secret const& passphrase)
{
    auto const cost = static_cast<unsigned char>(header[cost_offset]);
    return derived_key(passphrase, header.substr(salt_offset, salt_size), cost);
}

std::optional<unseal_failure> problem_with(std::string_view sealed) noexcept
{
    if (sealed.size() < header_size + tag_size || !sealed.starts_with(magic))
        return unseal_failure::not_sealed;
    if (sealed[magic.size()] != version)
        return unseal_failure::unknown_version;
    auto const cost = static_cast<unsigned char>(sealed[cost_offset]);
    if (cost < least_seal_cost || cost > greatest_seal_cost)
        return unseal_failure::cost_refused;
    return std::nullopt;
}

} // namespace

std::string seal(std::string_view plain, secret const& passphrase, unsigned cost)
{
    auto sealed = new_header(cost);
    auto const key = key_of(sealed, passphrase);
    cipher_context const context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    int size = 0;
    require(
        context &&
        EVP_EncryptInit_ex(
            context.get(), EVP_aes_256_gcm(), nullptr, key.data(), bytes_of(sealed.data() + nonce_offset)) ==
            1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &size, bytes_of(sealed.data()), header_size) == 1);
    sealed.resize(header_size + plain.size() + tag_size);
    auto* const cipher = bytes_of(sealed.data() + header_size);
    require(
        EVP_EncryptUpdate(
            context.get(), cipher, &size, bytes_of(plain.data()), static_cast<int>(plain.size())) == 1 &&
        EVP_EncryptFinal_ex(context.get(), cipher + size, &size) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size, cipher + plain.size()) == 1);
    return sealed;
}

std::optional<secret_buffer> unseal(
    std::string_view sealed, secret const& passphrase, unseal_failure& failure)
{
    if (auto const problem = problem_with(sealed)) {
        failure = *problem;
        return std::nullopt;
    }
    auto const header = sealed.substr(0, header_size);
    auto const cipher = sealed.substr(header_size, sealed.size() - header_size - tag_size);
    std::array<unsigned char, tag_size> tag{};
    sealed.copy(reinterpret_cast<char*>(tag.data()), tag_size, sealed.size() - tag_size); // NOLINT
    auto const key = key_of(header, passphrase);
    cipher_context const context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    secret_buffer plain;
    plain.resize(cipher.size());
    int size = 0;
    require(
        context &&
        EVP_DecryptInit_ex(
            context.get(), EVP_aes_256_gcm(), nullptr, key.data(), bytes_of(header.data() + nonce_offset)) ==
            1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &size, bytes_of(header.data()), header_size) == 1 &&
        EVP_DecryptUpdate(
            context.get(), bytes_of(plain.data()), &size, bytes_of(cipher.data()),
            static_cast<int>(cipher.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1);
    std::array<unsigned char, tag_size> rest{};
    if (EVP_DecryptFinal_ex(context.get(), rest.data(), &size) != 1) {
        ERR_clear_error();
        failure = unseal_failure::wrong_passphrase;
        return std::nullopt;
    }
    return plain;
}

} // namespace fluxer::auth::core
