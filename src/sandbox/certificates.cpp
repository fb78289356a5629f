#include "sandbox/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace fluxer::auth::sandbox_detail {

namespace {

template <auto Free>
struct freed_by
{
    template <class T>
    void operator()(T* object) const
    {
        Free(object);
    }
};

using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;

constexpr long one_day = 24L * 60 * 60;

void require(bool good, char const* what)
{
    if (!good)
        throw std::runtime_error(std::string("OpenSSL: cannot ") + what);
}

void add_extension(X509& certificate, X509& issuer, int id, char const* value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
    extension_ptr const extension(X509V3_EXT_conf_nid(nullptr, &context, id, value));
    require(extension && X509_add_ext(&certificate, extension.get(), -1) == 1, "add a certificate extension");
}

void set_random_serial(X509& certificate)
{
    std::array<unsigned char, 8> bytes{};
    require(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1, "make a serial number");
    std::uint64_t serial = 0;
    for (auto const byte : bytes)
        serial = (serial << 8) | byte;
    require(
        ASN1_INTEGER_set_uint64(X509_get_serialNumber(&certificate), serial >> 1) == 1,
        "set a serial number");
}

certificate_ptr new_certificate(EVP_PKEY& key, char const* name)
{
    certificate_ptr certificate(X509_new());
    require(certificate != nullptr, "make a certificate");
    auto const* text = reinterpret_cast<unsigned char const*>(name);
    require(
        X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
            X509_set_pubkey(certificate.get(), &key) == 1 &&
            X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -one_day) &&
            X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 365 * one_day) &&
            X509_NAME_add_entry_by_txt(
                X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC, text, -1, -1, 0) == 1,
        "fill in a certificate");
    set_random_serial(*certificate);
    return certificate;
}

void sign(X509& certificate, X509& issuer, EVP_PKEY& issuer_key)
{
    require(
        X509_set_issuer_name(&certificate, X509_get_subject_name(&issuer)) == 1 &&
            X509_sign(&certificate, &issuer_key, EVP_sha256()) > 0,
        "sign a certificate");
}

template <class Write>
std::string to_pem(Write write)
{
    bio_ptr const memory(BIO_new(BIO_s_mem()));
    require(memory && write(memory.get()) == 1, "write PEM");
    char* data = nullptr;
    auto const size = BIO_get_mem_data(memory.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

std::string to_pem(X509& certificate)
{
    return to_pem([&certificate](BIO* to) { return PEM_write_bio_X509(to, &certificate); });
}

} // namespace

tls_identity make_tls_identity()
{
    key_ptr const ca_key(EVP_EC_gen("P-256"));
    key_ptr const leaf_key(EVP_EC_gen("P-256"));
    require(ca_key && leaf_key, "make a key");

    auto const ca = new_certificate(*ca_key, "Fluxer auth sandbox CA");
    add_extension(*ca, *ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(*ca, *ca, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(*ca, *ca, NID_subject_key_identifier, "hash");
    sign(*ca, *ca, *ca_key);

    auto const leaf = new_certificate(*leaf_key, "localhost");
    add_extension(*leaf, *ca, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(*leaf, *ca, NID_key_usage, "critical,digitalSignature");
    add_extension(*leaf, *ca, NID_ext_key_usage, "serverAuth");
    add_extension(*leaf, *ca, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
    add_extension(*leaf, *ca, NID_authority_key_identifier, "keyid");
    sign(*leaf, *ca, *ca_key);

    auto const write_key = [&leaf_key](BIO* to) {
        return PEM_write_bio_PrivateKey(to, leaf_key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    };
    return {to_pem(*ca), to_pem(*leaf), to_pem(write_key)};
}

} // namespace fluxer::auth::sandbox_detail
