#ifndef FLUXER_AUTH_BENCH_BLOCKING_CONNECTION_HPP
#define FLUXER_AUTH_BENCH_BLOCKING_CONNECTION_HPP

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

namespace fluxer::auth::bench {

/// The floor that the client is measured against: OpenSSL on a blocking socket, the least code that sends a request and
/// finds the end of its answer. No limits, no checks, no pool, one caller.
class blocking_connection
{
public:
    blocking_connection(unsigned short port, std::string const& ca_pem);

    /// Throws if the answer is not one of 200 with a length.
    void round_trip(std::string_view request);

private:
    template <auto Free>
    struct deleter
    {
        template <class T>
        void operator()(T* object) const noexcept
        {
            Free(object);
        }
    };

    bool has_whole_answer() const;

    std::unique_ptr<SSL_CTX, deleter<SSL_CTX_free>> context_;
    std::unique_ptr<BIO, deleter<BIO_free_all>> stream_;
    std::string answer_;
};

} // namespace fluxer::auth::bench

#endif
