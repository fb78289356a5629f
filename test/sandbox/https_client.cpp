#include "https_client.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <stdexcept>

namespace sandbox_test {

namespace {

void trust(SSL_CTX* context, std::string_view ca_pem)
{
    BIO* memory = BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size()));
    X509* ca = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca);
    X509_free(ca);
    BIO_free(memory);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
}

std::string member(boost::json::object const& of, std::string_view name)
{
    auto const* value = of.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string("-");
}

} // namespace

std::string response::header(std::string_view name) const
{
    auto const line = "\r\n" + std::string(name) + ": ";
    auto const at = head.find(line);
    if (at == std::string::npos)
        return {};
    auto const from = at + line.size();
    return head.substr(from, head.find("\r\n", from) - from);
}

boost::json::value response::json() const
{
    return boost::json::parse(body);
}

std::string response::text(std::string_view name) const
{
    return member(json().as_object(), name);
}

std::string response::field_errors() const
{
    std::string all;
    auto const parsed = json();
    for (auto const& error : parsed.at("errors").as_array()) {
        all += all.empty() ? "" : " ";
        all += member(error.as_object(), "path") + ":" + member(error.as_object(), "code");
    }
    return all;
}

https_client::https_client(unsigned short port, std::string_view ca_pem)
    : context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free)
    , connection_(nullptr, &BIO_free_all)
{
    trust(context_.get(), ca_pem);
    connection_.reset(BIO_new_ssl_connect(context_.get()));
    SSL* tls = nullptr;
    BIO_get_ssl(connection_.get(), &tls);
    SSL_set1_host(tls, "localhost");
    static constexpr unsigned char protocols[] = "\x08http/1.1";
    SSL_set_alpn_protos(tls, protocols, sizeof protocols - 1);
    BIO_set_conn_hostname(connection_.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
    if (BIO_do_connect(connection_.get()) != 1 || BIO_do_handshake(connection_.get()) != 1)
        throw std::runtime_error("cannot connect to the sandbox");
}

https_client::~https_client() = default;

response https_client::get(std::string_view path, headers const& extra)
{
    return send("GET", path, {}, extra);
}

response https_client::post(std::string_view path, boost::json::object const& body, headers const& extra)
{
    return send("POST", path, boost::json::serialize(body), extra);
}

response https_client::send(
    std::string_view method, std::string_view path, std::string_view body, headers const& extra)
{
    auto bytes = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n";
    for (auto const& [name, value] : extra)
        bytes += name + ": " + value + "\r\n";
    bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    bytes += body;
    return send_raw(bytes, method == "HEAD");
}

response https_client::send_raw(std::string_view bytes, bool head)
{
    response answer;
    if (BIO_write(connection_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0)
        return answer;
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos)
        if (!fill())
            return answer;
    answer.head = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    auto const length = answer.header("content-length");
    std::size_t const size = head || length.empty() ? 0 : std::stoul(length);
    while (received_.size() < size)
        if (!fill())
            return answer;
    answer.status = std::stoi(answer.head.substr(9, 3));
    answer.body = received_.substr(0, size);
    received_.erase(0, size);
    return answer;
}

bool https_client::fill()
{
    std::array<char, 16384> chunk{};
    int const size = BIO_read(connection_.get(), chunk.data(), static_cast<int>(chunk.size()));
    if (size <= 0)
        return false;
    received_.append(chunk.data(), static_cast<std::size_t>(size));
    return true;
}

std::string https_client::tls_version() const
{
    SSL* tls = nullptr;
    BIO_get_ssl(connection_.get(), &tls);
    return SSL_get_version(tls);
}

std::string https_client::protocol() const
{
    SSL* tls = nullptr;
    BIO_get_ssl(connection_.get(), &tls);
    unsigned char const* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(tls, &name, &size);
    return std::string(reinterpret_cast<char const*>(name), size);
}

} // namespace sandbox_test
