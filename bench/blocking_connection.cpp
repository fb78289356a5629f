#include "blocking_connection.hpp"

#include <openssl/pem.h>

#include <array>
#include <stdexcept>

namespace fluxer::auth::bench {

blocking_connection::blocking_connection(unsigned short port, std::string const& ca_pem)
    : context_(SSL_CTX_new(TLS_client_method()))
{
    std::unique_ptr<BIO, deleter<BIO_free_all>> const text(
        BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size())));
    std::unique_ptr<X509, deleter<X509_free>> const authority(
        PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), authority.get());
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    stream_.reset(BIO_new_ssl_connect(context_.get()));
    auto const where = "127.0.0.1:" + std::to_string(port);
    BIO_set_conn_hostname(stream_.get(), where.c_str());
    if (BIO_do_connect(stream_.get()) != 1)
        throw std::runtime_error("cannot connect to " + where);
}

void blocking_connection::round_trip(std::string_view request)
{
    answer_.clear();
    if (BIO_write(stream_.get(), request.data(), static_cast<int>(request.size())) !=
        static_cast<int>(request.size()))
        throw std::runtime_error("cannot write");
    std::array<char, 16 * 1024> buffer;
    while (!has_whole_answer()) {
        auto const size = BIO_read(stream_.get(), buffer.data(), static_cast<int>(buffer.size()));
        if (size <= 0)
            throw std::runtime_error("cannot read");
        answer_.append(buffer.data(), static_cast<std::size_t>(size));
    }
}

bool blocking_connection::has_whole_answer() const
{
    constexpr std::string_view header_end = "\r\n\r\n";
    // As the sandbox writes it.
    constexpr std::string_view length = "\r\ncontent-length: ";
    auto const end = answer_.find(header_end);
    if (end == std::string::npos)
        return false;
    auto const where = answer_.find(length);
    if (!answer_.starts_with("HTTP/1.1 200") || where > end)
        throw std::runtime_error("an answer of another kind");
    return answer_.size() - end - header_end.size() >= std::stoul(answer_.substr(where + length.size()));
}

} // namespace fluxer::auth::bench
