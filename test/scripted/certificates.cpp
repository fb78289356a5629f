#include "scripted/certificates.hpp"

#include "net/openssl.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <random>
#include <stdexcept>

namespace fluxer::auth::test {

namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, net::openssl_deleter<EVP_PKEY_free>>;
using net::bio_ptr;
using net::x509_ptr;

void require(bool good)
{
    if (!good)
        throw std::runtime_error("cannot make a test certificate");
}

key_ptr make_key()
{
    key_ptr key(EVP_EC_gen("P-256"));
    require(key != nullptr);
    return key;
}

void add_extension(X509* certificate, X509* issuer, int kind, std::string const& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    std::unique_ptr<X509_EXTENSION, net::openssl_deleter<X509_EXTENSION_free>> const extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    require(extension != nullptr);
    require(X509_add_ext(certificate, extension.get(), -1) == 1);
}

std::string joined(std::vector<std::string> const& names)
{
    std::string text;
    for (auto const& name : names)
        text += (text.empty() ? "" : ",") + name;
    return text;
}

x509_ptr make_certificate(
    certificate_options const& options, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key, bool is_authority)
{
    x509_ptr certificate(X509_new());
    require(certificate != nullptr);
    auto* const raw = certificate.get();
    X509_set_version(raw, 2);
    static std::mt19937_64 serials{std::random_device{}()};
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(raw), serials() >> 1);
    X509_gmtime_adj(X509_getm_notBefore(raw), options.not_before);
    X509_gmtime_adj(X509_getm_notAfter(raw), options.not_after);
    X509_set_pubkey(raw, key);
    auto* const name = X509_get_subject_name(raw);
    X509_NAME_add_entry_by_txt(
        name, "CN", MBSTRING_UTF8, reinterpret_cast<unsigned char const*>(options.common_name.data()),
        static_cast<int>(options.common_name.size()), -1, 0);
    auto* const signer = issuer != nullptr ? issuer : raw;
    X509_set_issuer_name(raw, X509_get_subject_name(signer));
    add_extension(
        raw, signer, NID_basic_constraints, is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!is_authority && !options.names.empty())
        add_extension(raw, signer, NID_subject_alt_name, joined(options.names));
    require(X509_sign(raw, issuer_key, EVP_sha256()) != 0);
    return certificate;
}

std::string text_of(bio_ptr const& bio)
{
    char* data = nullptr;
    auto const size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate)
{
    bio_ptr const bio(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(bio.get(), certificate) == 1);
    return text_of(bio);
}

std::string pem_of(EVP_PKEY* key)
{
    bio_ptr const bio(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return text_of(bio);
}

} // namespace

struct authority::parts
{
    key_ptr key = make_key();
    x509_ptr certificate;
};

authority::authority()
    : parts_(std::make_unique<parts>())
{
    certificate_options options;
    options.common_name = "fluxer-auth test authority";
    parts_->certificate = make_certificate(options, parts_->key.get(), nullptr, parts_->key.get(), true);
}

authority::~authority() = default;

std::string authority::pem() const
{
    return pem_of(parts_->certificate.get());
}

identity authority::issue(certificate_options const& options) const
{
    auto const key = make_key();
    auto const certificate =
        make_certificate(options, key.get(), parts_->certificate.get(), parts_->key.get(), false);
    return {pem_of(key.get()), pem_of(certificate.get())};
}

identity authority::self_signed(certificate_options const& options)
{
    auto const key = make_key();
    auto const certificate = make_certificate(options, key.get(), nullptr, key.get(), false);
    return {pem_of(key.get()), pem_of(certificate.get())};
}

} // namespace fluxer::auth::test
