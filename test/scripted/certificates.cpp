#include "scripted/certificates.hpp"

#include "net/openssl.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <utility>

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

EVP_PKEY* generate(key_kind kind)
{
    switch (kind) {
    case key_kind::p256:
        return EVP_EC_gen("P-256");
    case key_kind::p384:
        return EVP_EC_gen("P-384");
    case key_kind::rsa1024:
        return EVP_RSA_gen(1024);
    case key_kind::rsa2048:
        return EVP_RSA_gen(2048);
    case key_kind::ed25519:
        return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    }
    return nullptr;
}

key_ptr make_key(key_kind kind)
{
    key_ptr key(generate(kind));
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

using general_name_ptr = std::unique_ptr<GENERAL_NAME, net::openssl_deleter<GENERAL_NAME_free>>;
using general_names_ptr = std::unique_ptr<GENERAL_NAMES, net::openssl_deleter<GENERAL_NAMES_free>>;

ASN1_STRING* text_name(int type, std::string const& text)
{
    auto* const made = ASN1_STRING_type_new(type);
    require(made != nullptr && ASN1_STRING_set(made, text.data(), static_cast<int>(text.size())) == 1);
    return made;
}

/// Built by hand: OpenSSL's own reader of such names stops at a NUL, which is what some certificates are about.
general_name_ptr general_name(std::string const& text)
{
    auto const colon = text.find(':');
    require(colon != std::string::npos);
    auto const kind = text.substr(0, colon);
    auto const rest = text.substr(colon + 1);
    general_name_ptr name(GENERAL_NAME_new());
    require(name != nullptr);
    if (kind == "IP") {
        auto* const address = a2i_IPADDRESS(rest.c_str());
        require(address != nullptr);
        GENERAL_NAME_set0_value(name.get(), GEN_IPADD, address);
        return name;
    }
    require(kind == "DNS" || kind == "URI" || kind == "email");
    auto const type = kind == "DNS" ? GEN_DNS : kind == "URI" ? GEN_URI : GEN_EMAIL;
    GENERAL_NAME_set0_value(name.get(), type, text_name(V_ASN1_IA5STRING, rest));
    return name;
}

void add_names(X509* certificate, std::vector<std::string> const& names)
{
    general_names_ptr const list(GENERAL_NAMES_new());
    require(list != nullptr);
    for (auto const& text : names)
        require(sk_GENERAL_NAME_push(list.get(), general_name(text).release()) > 0);
    require(X509_add1_ext_i2d(certificate, NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT) == 1);
}

EVP_MD const* digest_of(certificate_options const& options, EVP_PKEY* key)
{
    // Ed25519 has a digest of its own.
    if (EVP_PKEY_get_id(key) == EVP_PKEY_ED25519)
        return nullptr;
    auto const* digest = EVP_get_digestbyname(options.digest.c_str());
    require(digest != nullptr);
    return digest;
}

x509_ptr make_certificate(
    certificate_options const& options, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key)
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
        raw, signer, NID_basic_constraints, options.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!options.key_usage.empty())
        add_extension(raw, signer, NID_key_usage, options.key_usage);
    if (!options.extended_key_usage.empty())
        add_extension(raw, signer, NID_ext_key_usage, options.extended_key_usage);
    if (!options.names.empty())
        add_names(raw, options.names);
    require(X509_sign(raw, issuer_key, digest_of(options, issuer_key)) != 0);
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

x509_ptr first_of(std::string const& chain)
{
    bio_ptr const bio(BIO_new_mem_buf(chain.data(), static_cast<int>(chain.size())));
    x509_ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    require(certificate != nullptr);
    return certificate;
}

using crl_ptr = std::unique_ptr<X509_CRL, net::openssl_deleter<X509_CRL_free>>;
using revoked_ptr = std::unique_ptr<X509_REVOKED, net::openssl_deleter<X509_REVOKED_free>>;
using time_ptr = std::unique_ptr<ASN1_TIME, net::openssl_deleter<ASN1_TIME_free>>;

time_ptr time_from_now(long seconds)
{
    time_ptr made(X509_gmtime_adj(nullptr, seconds));
    require(made != nullptr);
    return made;
}

void add_revoked(X509_CRL* list, X509* certificate, ASN1_TIME* since)
{
    revoked_ptr entry(X509_REVOKED_new());
    require(entry != nullptr);
    require(X509_REVOKED_set_serialNumber(entry.get(), X509_get_serialNumber(certificate)) == 1);
    require(X509_REVOKED_set_revocationDate(entry.get(), since) == 1);
    require(X509_CRL_add0_revoked(list, entry.get()) == 1);
    static_cast<void>(entry.release());
}

} // namespace

std::string pin_of(std::string const& chain)
{
    auto const certificate = first_of(chain);
    unsigned char* encoded = nullptr;
    auto const size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &encoded);
    require(size > 0);
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(encoded, static_cast<std::size_t>(size), digest.data());
    OPENSSL_free(encoded);
    std::array<unsigned char, 64> text{};
    auto const length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
    return "sha256/" + std::string(text.data(), text.data() + length);
}

struct authority::parts
{
    key_ptr key;
    x509_ptr certificate;
};

authority::authority()
    : authority([] {
        certificate_options options;
        options.common_name = "fluxer-auth test authority";
        options.names.clear();
        options.is_authority = true;
        return options;
    }())
{}

authority::authority(certificate_options const& options)
    : parts_(std::make_unique<parts>())
{
    parts_->key = make_key(options.key);
    parts_->certificate = make_certificate(options, parts_->key.get(), nullptr, parts_->key.get());
}

authority::authority(std::unique_ptr<parts> made)
    : parts_(std::move(made))
{}

authority::~authority() = default;

std::string authority::pem() const
{
    return pem_of(parts_->certificate.get());
}

identity authority::issue(certificate_options const& options) const
{
    auto const key = make_key(options.key);
    auto const certificate =
        make_certificate(options, key.get(), parts_->certificate.get(), parts_->key.get());
    return {pem_of(key.get()), pem_of(certificate.get())};
}

std::string authority::revoke(revocations const& what) const
{
    crl_ptr const list(X509_CRL_new());
    require(list != nullptr);
    auto const updated = time_from_now(what.updated);
    X509_CRL_set_version(list.get(), 1);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(parts_->certificate.get()));
    X509_CRL_set1_lastUpdate(list.get(), updated.get());
    X509_CRL_set1_nextUpdate(list.get(), time_from_now(what.expires).get());
    for (auto const& chain : what.certificates)
        add_revoked(list.get(), first_of(chain).get(), updated.get());
    X509_CRL_sort(list.get());
    require(X509_CRL_sign(list.get(), parts_->key.get(), EVP_sha256()) != 0);
    bio_ptr const bio(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509_CRL(bio.get(), list.get()) == 1);
    return text_of(bio);
}

std::unique_ptr<authority> authority::issue_authority(certificate_options const& options) const
{
    auto made = std::make_unique<parts>();
    made->key = make_key(options.key);
    made->certificate =
        make_certificate(options, made->key.get(), parts_->certificate.get(), parts_->key.get());
    return std::unique_ptr<authority>(new authority(std::move(made)));
}

identity authority::self_signed(certificate_options const& options)
{
    auto const key = make_key(options.key);
    auto const certificate = make_certificate(options, key.get(), nullptr, key.get());
    return {pem_of(key.get()), pem_of(certificate.get())};
}

} // namespace fluxer::auth::test
