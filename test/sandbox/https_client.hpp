#ifndef FLUXER_AUTH_TEST_SANDBOX_HTTPS_CLIENT_HPP
#define FLUXER_AUTH_TEST_SANDBOX_HTTPS_CLIENT_HPP

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sandbox_test {

using headers = std::vector<std::pair<std::string, std::string>>;

struct response
{
    int status = 0; // 0: the connection ended without an answer
    std::string head;
    std::string body;

    /// Lower-case name; empty if there is none.
    std::string header(std::string_view name) const;

    boost::json::value json() const;

    /// A string member of the body.
    std::string text(std::string_view member) const;

    /// `errors` of the body as "path:code path:code".
    std::string field_errors() const;
};

/// A blocking HTTP/1.1 client on one TLS connection, which is all that these tests need.
class https_client
{
public:
    https_client(unsigned short port, std::string_view ca_pem);
    ~https_client();
    https_client(https_client const&) = delete;
    https_client& operator=(https_client const&) = delete;

    response get(std::string_view path, headers const& extra = {});
    response post(std::string_view path, boost::json::object const& body = {}, headers const& extra = {});
    response send(
        std::string_view method, std::string_view path, std::string_view body, headers const& extra = {});
    /// Bytes as they are.
    response send_raw(std::string_view bytes, bool head = false);

    std::string tls_version() const;
    std::string protocol() const; // by ALPN

private:
    bool fill();

    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
    std::unique_ptr<BIO, void (*)(BIO*)> connection_;
    std::string received_;
};

} // namespace sandbox_test

#endif
