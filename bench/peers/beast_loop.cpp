// What a user of Boost would write after Beast's own examples (http_client_awaitable_ssl.cpp): one coroutine per
// connection over beast::ssl_stream, with its time-outs, and Boost.JSON. No pool.

#include "support/idle_memory.hpp"
#include "support/login.hpp"
#include "support/meter.hpp"
#include "support/peer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <vector>

namespace {

using namespace fluxer::auth::bench;

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;
using stream_type = beast::ssl_stream<beast::tcp_stream>;

constexpr std::chrono::seconds limit{30};

asio::ssl::context make_context(settings const& how)
{
    asio::ssl::context made(asio::ssl::context::tls_client);
    made.load_verify_file(how.ca_file);
    made.set_verify_mode(asio::ssl::verify_peer);
    made.set_verify_callback(asio::ssl::host_name_verification(std::string(host_name)));
    return made;
}

class connection
{
public:
    connection(asio::io_context& context, asio::ssl::context& tls, settings const& how)
        : stream_(context, tls)
        , where_(asio::ip::make_address(host_address), how.port)
        , request_(http::verb::post, login_path, 11)
    {
        request_.set(http::field::host, host_header(how));
        request_.set(http::field::user_agent, user_agent);
        request_.set(http::field::accept, "application/json");
        request_.set(http::field::accept_encoding, "identity");
        request_.set(http::field::content_type, "application/json");
    }

    asio::awaitable<void> connect()
    {
        if (!SSL_set_tlsext_host_name(stream_.native_handle(), host_name.data()))
            throw std::runtime_error("no server name");
        auto& socket = beast::get_lowest_layer(stream_);
        socket.expires_after(limit);
        co_await socket.async_connect(where_, use_awaitable);
        socket.socket().set_option(asio::ip::tcp::no_delay(true));
        socket.expires_after(limit);
        co_await stream_.async_handshake(asio::ssl::stream_base::client, use_awaitable);
        socket.expires_never();
    }

    asio::awaitable<login_answer> log_in()
    {
        request_.body() = login_body();
        request_.prepare_payload();
        beast::get_lowest_layer(stream_).expires_after(limit);
        co_await http::async_write(stream_, request_, use_awaitable);
        http::response<http::string_body> response;
        co_await http::async_read(stream_, buffer_, response, use_awaitable);
        if (response.result() != http::status::ok)
            throw std::runtime_error("an answer of another kind");
        co_return parse_login(response.body());
    }

    /// As between two requests of a program that keeps it.
    void rest() { beast::get_lowest_layer(stream_).expires_never(); }

private:
    stream_type stream_;
    asio::ip::tcp::endpoint where_;
    http::request<http::string_body> request_;
    beast::flat_buffer buffer_;
};

/// A program of coroutines that end with the first exception.
class program
{
public:
    explicit program(settings const& how)
        : how_(how)
        , tls_(make_context(how))
    {}

    std::unique_ptr<connection> make_connection()
    {
        return std::make_unique<connection>(context_, tls_, how_);
    }

    void start(asio::awaitable<void> work)
    {
        asio::co_spawn(context_, std::move(work), [](std::exception_ptr failed) {
            if (failed)
                std::rethrow_exception(failed);
        });
    }

    void run()
    {
        context_.restart();
        context_.run();
    }

private:
    settings const& how_;
    asio::io_context context_{1};
    asio::ssl::context tls_;
};

asio::awaitable<void> keep_asking(program& within, meter& meter)
{
    auto const used = within.make_connection();
    co_await used->connect();
    for (bool more = true; more;) {
        auto const begin = meter::clock::now();
        co_await used->log_in();
        more = meter.answered(begin);
    }
}

asio::awaitable<void> ask_anew(program& within, meter& meter)
{
    for (bool more = true; more;) {
        auto const begin = meter::clock::now();
        auto const used = within.make_connection();
        co_await used->connect();
        co_await used->log_in();
        more = meter.answered(begin);
    }
}

boost::json::object measure(settings const& how, asio::awaitable<void> (*work)(program&, meter&))
{
    program used(how);
    meter meter(how);
    for (std::size_t count = 0; count < how.in_flight; ++count)
        used.start(work(used, meter));
    used.run();
    return meter.result();
}

/// One of those that make connections at the same time.
asio::awaitable<void> connect_some(
    program& within, std::vector<std::unique_ptr<connection>>& all, std::size_t wanted)
{
    while (all.size() < wanted) {
        auto& made = *all.emplace_back(within.make_connection());
        co_await made.connect();
    }
}

asio::awaitable<void> log_in_once(connection& with)
{
    co_await with.log_in();
    with.rest();
}

boost::json::object idle(settings const& how)
{
    program used(how);
    std::vector<std::unique_ptr<connection>> all;
    auto const connect = [&](std::size_t wanted) {
        for (std::size_t count = 0; count < idle_memory::handshakes_at_once; ++count)
            used.start(connect_some(used, all, wanted));
        used.run();
    };
    connect(1);
    idle_memory memory(how);
    connect(how.in_flight);
    memory.all_connected();
    for (auto const& one : all)
        used.start(log_in_once(*one));
    used.run();
    memory.all_used();
    return memory.result();
}

boost::json::object work(settings const& how)
{
    switch (how.mode) {
    case mode::keep_alive:
        return measure(how, keep_asking);
    case mode::new_resumed: // as it comes: nothing is resumed
    case mode::new_full:
        return measure(how, ask_anew);
    case mode::idle:
        return idle(how);
    default:
        refuse(how);
    }
}

} // namespace

int main(int count, char const* const* arguments)
{
    return run_peer("beast_loop", count, arguments, work);
}
