#include "sandbox/passkey.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <array>

namespace fluxer::auth::sandbox_detail {

namespace {

constexpr std::size_t coordinate_size = 32;
constexpr int max_depth = 4;

/// Just enough of CBOR (RFC 8949) for the map of small integers and byte strings that a COSE_Key is.
class cbor_reader
{
public:
    explicit cbor_reader(std::span<unsigned char const> bytes)
        : bytes_(bytes)
    {}

    struct head
    {
        unsigned type;
        std::uint64_t value;
    };

    std::optional<head> next_head()
    {
        if (bytes_.empty())
            return std::nullopt;
        unsigned const type = bytes_[0] >> 5;
        unsigned const info = bytes_[0] & 31U;
        bytes_ = bytes_.subspan(1);
        if (info < 24)
            return head{type, info};
        if (info > 27)
            return std::nullopt;
        std::size_t const size = std::size_t{1} << (info - 24);
        if (bytes_.size() < size)
            return std::nullopt;
        std::uint64_t value = 0;
        for (auto const byte : bytes_.first(size))
            value = (value << 8) | byte;
        bytes_ = bytes_.subspan(size);
        return head{type, value};
    }

    std::optional<std::int64_t> integer()
    {
        auto const item = next_head();
        if (!item || item->type > 1 || item->value > 1000000)
            return std::nullopt;
        auto const value = static_cast<std::int64_t>(item->value);
        return item->type == 0 ? value : -1 - value;
    }

    std::optional<std::span<unsigned char const>> byte_string()
    {
        auto const item = next_head();
        if (!item || item->type != 2 || item->value > bytes_.size())
            return std::nullopt;
        auto const content = bytes_.first(static_cast<std::size_t>(item->value));
        bytes_ = bytes_.subspan(content.size());
        return content;
    }

    bool skip(int depth = 0)
    {
        auto const item = next_head();
        if (!item || depth > max_depth)
            return false;
        if (item->type == 2 || item->type == 3) {
            if (item->value > bytes_.size())
                return false;
            bytes_ = bytes_.subspan(static_cast<std::size_t>(item->value));
            return true;
        }
        std::uint64_t const children = item->type == 4   ? item->value
                                       : item->type == 5 ? item->value * 2
                                       : item->type == 6 ? 1
                                                         : 0;
        for (std::uint64_t i = 0; i < children; ++i)
            if (!skip(depth + 1))
                return false;
        return true;
    }

private:
    std::span<unsigned char const> bytes_;
};

struct cose_key
{
    std::int64_t type = 0;
    std::int64_t algorithm = 0;
    std::int64_t curve = 0;
    std::span<unsigned char const> x;
    std::span<unsigned char const> y;
};

bool read_label(cbor_reader& reader, std::int64_t label, cose_key& key)
{
    if (label == 1 || label == 3 || label == -1) {
        auto const value = reader.integer();
        if (!value)
            return false;
        (label == 1 ? key.type : label == 3 ? key.algorithm : key.curve) = *value;
        return true;
    }
    if (label == -2 || label == -3) {
        auto const value = reader.byte_string();
        if (!value)
            return false;
        (label == -2 ? key.x : key.y) = *value;
        return true;
    }
    return reader.skip();
}

std::optional<cose_key> read_cose_key(std::span<unsigned char const> bytes)
{
    cbor_reader reader(bytes);
    auto const map = reader.next_head();
    if (!map || map->type != 5 || map->value > 32)
        return std::nullopt;
    cose_key key;
    for (std::uint64_t i = 0; i < map->value; ++i) {
        auto const label = reader.integer();
        if (!label || !read_label(reader, *label, key))
            return std::nullopt;
    }
    bool const es256 = key.type == 2 && key.algorithm == -7 && key.curve == 1;
    if (!es256 || key.x.size() != coordinate_size || key.y.size() != coordinate_size)
        return std::nullopt;
    return key;
}

public_key from_point(cose_key const& key)
{
    std::array<unsigned char, 1 + 2 * coordinate_size> point{};
    point[0] = 0x04; // uncompressed, SEC 1 section 2.3.3
    std::copy(key.x.begin(), key.x.end(), point.begin() + 1);
    std::copy(key.y.begin(), key.y.end(), point.begin() + 1 + coordinate_size);
    char group[] = "prime256v1";
    std::array parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end()};

    std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
        EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr), &EVP_PKEY_CTX_free);
    EVP_PKEY* made = nullptr;
    bool const good = context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.data()) == 1;
    return good ? public_key(made, &EVP_PKEY_free) : nullptr;
}

bool is_p256(EVP_PKEY const* key)
{
    std::array<char, 32> group{};
    std::size_t size = 0;
    return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
           EVP_PKEY_get_utf8_string_param(
               key, OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size(), &size) == 1 &&
           std::string_view(group.data(), size) == "prime256v1";
}

} // namespace

public_key parse_public_key(std::span<unsigned char const> bytes)
{
    auto const* at = bytes.data();
    public_key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(bytes.size())), &EVP_PKEY_free);
    if (!key) {
        auto const cose = read_cose_key(bytes);
        key = cose ? from_point(*cose) : nullptr;
    }
    ERR_clear_error();
    return key && is_p256(key.get()) ? key : nullptr;
}

} // namespace fluxer::auth::sandbox_detail
