#include "sandbox/https_server.hpp"

#include "sandbox/engine.hpp"
#include "sandbox/errors.hpp"
#include "sandbox/random.hpp"
#include "sandbox/server_stream.hpp"
#include "sandbox/text.hpp"
#include "sandbox/wire.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace fluxer::auth::sandbox_detail {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using steady = std::chrono::steady_clock;

constexpr std::uint32_t header_limit = 16 * 1024;
constexpr std::uint64_t body_limit = 1024 * 1024;
constexpr std::chrono::milliseconds sweep_interval{500};
constexpr std::chrono::milliseconds goodbye_time{1000};

using request_parser = http::request_parser<http::string_body>;

/// One client's connection, from the handshake to the end. Its coroutine runs on a strand and owns it.
class connection : public std::enable_shared_from_this<connection>
{
public:
    connection(tcp::socket socket, asio::ssl::context& tls, bool plain, engine& target)
        : stream_(std::move(socket), tls, plain)
        , engine_(target)
    {
        ++engine_.counters.connections_open;
    }

    ~connection() { --engine_.counters.connections_open; }

    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    static asio::awaitable<void> run(std::shared_ptr<connection> self)
    {
        co_await self->serve();
        self->close();
    }

    /// Called now and then from any thread; ends the connection if nothing has come for too long.
    void check_idle(std::chrono::milliseconds limit)
    {
        if (ending_)
            limit = std::min<std::chrono::milliseconds>(limit, goodbye_time);
        if (busy_ || steady::now() - idle_since_.load() < limit)
            return;
        asio::post(stream_.get_executor(), [self = shared_from_this()] { self->end_idle(); });
    }

private:
    asio::awaitable<void> serve()
    {
        error_code failure;
        stream_.raw().set_option(tcp::no_delay(true), failure);
        if (!stream_.is_plain())
            co_await handshake(failure);
        if (failure)
            co_return;
        bool open = true;
        while (open) {
            idle_since_ = steady::now();
            open = co_await read();
            if (open)
                open = co_await respond();
        }
        if (reset_ || stream_.is_plain())
            co_return;
        // The peer may say goodbye as well; the sweep does not wait for it for long.
        idle_since_ = steady::now();
        ending_ = true;
        co_await stream_.tls().async_shutdown(asio::redirect_error(asio::use_awaitable, failure));
    }

    asio::awaitable<void> handshake(error_code& failure)
    {
        co_await stream_.tls().async_handshake(
            asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, failure));
        if (failure)
            co_return;
        ++engine_.counters.tls_handshakes;
        if (SSL_session_reused(stream_.tls().native_handle()))
            ++engine_.counters.tls_resumptions;
    }

    /// Reads a request into `request_`; false at the end of the connection.
    asio::awaitable<bool> read()
    {
        request_parser parser;
        parser.header_limit(header_limit);
        parser.body_limit(body_limit);
        error_code failure;
        std::size_t header_size = 0;
        bool asked_to_continue = false;
        while (!failure && !parser.is_done()) {
            bool const in_header = !parser.is_header_done();
            auto const size = co_await http::async_read_some(
                stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, failure));
            // Beast applies its limit to each read, not to their sum.
            header_size += in_header ? size : 0;
            if (header_size > header_limit)
                failure = http::make_error_code(http::error::header_limit);
            bool const waits = parser.is_header_done() && !parser.is_done() && !asked_to_continue;
            if (!failure && waits && equal_ignoring_case(parser.get()[http::field::expect], "100-continue")) {
                asked_to_continue = true;
                co_await send("HTTP/1.1 100 Continue\r\n\r\n", failure);
            }
        }
        if (failure) {
            co_await reject(failure);
            co_return false;
        }
        take(parser);
        co_return true;
    }

    void take(request_parser& parser)
    {
        auto& message = parser.get();
        request_.method = std::string(message.method_string());
        request_.target = std::string(message.target());
        request_.headers.clear();
        for (auto const& field : message)
            request_.headers.emplace_back(field.name_string(), field.value());
        request_.body = std::move(message.body());
        keep_alive_ = message.keep_alive();
    }

    /// Answers malformed bytes; says nothing to a connection that is gone.
    asio::awaitable<void> reject(error_code why)
    {
        static auto const& parse_errors = http::make_error_code(http::error::bad_method).category();
        if (why.category() != parse_errors || why == http::error::end_of_stream ||
            why == http::error::partial_message)
            co_return;
        int const status = why == http::error::header_limit || why == http::error::buffer_overflow ? 431
                           : why == http::error::body_limit                                        ? 413
                                                                                                   : 400;
        error_code failure;
        co_await send(rejection(status), failure);
    }

    /// Answers `request_`; false if the connection shall end.
    asio::awaitable<bool> respond()
    {
        busy_ = true;
        std::optional<engine::admission> admission(std::in_place, engine_, request_);
        auto const fault = admission->fault;
        if (fault && fault->latency.count() > 0)
            co_await wait(fault->latency);
        if (fault && fault->kind == sandbox_fault_kind::reset_before)
            co_return reset();

        auto const answer = answer_with(*admission);
        // A ready answer takes no capacity: else a thousand connections would overload a server that keeps up.
        admission.reset();
        if (fault && fault->kind == sandbox_fault_kind::reset_after)
            co_return reset();
        bool const from_proxy = fault && fault->kind == sandbox_fault_kind::html;
        auto bytes = serialise(answer, from_proxy);
        bool const cut = fault && fault->kind == sandbox_fault_kind::truncate;
        if (cut)
            bytes.resize(bytes.size() - std::max<std::size_t>(1, answer.body.size() / 2));
        idle_since_ = steady::now();
        busy_ = false;
        error_code failure;
        co_await send(std::move(bytes), failure);
        if (cut)
            co_return reset();
        co_return !failure && keep_alive_;
    }

    reply answer_with(engine::admission const& admission)
    {
        using kind = sandbox_fault_kind;
        auto const& fault = admission.fault;
        if (fault && (fault->kind == kind::status || fault->kind == kind::html ||
                      fault->kind == kind::answer || fault->kind == kind::overloaded))
            return fault_reply(*fault);
        if (admission.over_capacity)
            return overloaded_reply();
        try {
            return engine_.answer(request_);
        } catch (std::exception const&) {
            return api_error(500, "INTERNAL_SERVER_ERROR");
        }
    }

    std::string serialise(reply const& answer, bool from_proxy)
    {
        std::string id;
        if (!from_proxy) {
            id = request_.header("x-request-id");
            if (id.empty())
                id = random_uuid();
        }
        auto const date = http_date();
        return to_wire(answer, {keep_alive_, request_.method == "HEAD", id, date});
    }

    asio::awaitable<void> send(std::string bytes, error_code& failure)
    {
        co_await asio::async_write(
            stream_, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failure));
    }

    asio::awaitable<void> wait(std::chrono::milliseconds time)
    {
        asio::steady_timer timer(stream_.get_executor(), time);
        error_code failure;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, failure));
    }

    /// Makes the close a TCP reset instead of an orderly end.
    bool reset()
    {
        reset_ = true;
        error_code ignored;
        stream_.raw().set_option(asio::socket_base::linger(true, 0), ignored);
        return false;
    }

    void end_idle()
    {
        error_code ignored;
        if (ending_)
            close();
        else
            stream_.raw().cancel(ignored); // the read fails, then close_notify is sent
    }

    void close()
    {
        error_code ignored;
        stream_.raw().close(ignored);
    }

    server_stream stream_;
    engine& engine_;
    boost::beast::flat_buffer buffer_{header_limit + body_limit};
    request request_;
    bool keep_alive_ = true;
    bool reset_ = false;
    std::atomic<bool> ending_{false};
    std::atomic<bool> busy_{false};
    std::atomic<steady::time_point> idle_since_{steady::now()};
};

/// Connections that exist, for the sweep of idle ones.
class connection_list
{
public:
    void add(std::shared_ptr<connection> const& one)
    {
        std::lock_guard const lock(mutex_);
        all_.push_back(one);
    }

    void check_idle(std::chrono::milliseconds limit)
    {
        std::vector<std::shared_ptr<connection>> present;
        {
            std::lock_guard const lock(mutex_);
            std::erase_if(all_, [](auto const& one) { return one.expired(); });
            for (auto const& one : all_)
                if (auto locked = one.lock())
                    present.push_back(std::move(locked));
        }
        for (auto const& one : present)
            one->check_idle(limit);
    }

private:
    std::mutex mutex_;
    std::vector<std::weak_ptr<connection>> all_;
};

int select_protocol(
    SSL*, unsigned char const** out, unsigned char* out_size, unsigned char const* offered,
    unsigned offered_size, void*)
{
    static constexpr unsigned char ours[] = "\x08http/1.1";
    auto* chosen = const_cast<unsigned char*>(*out);
    int const result = SSL_select_next_proto(&chosen, out_size, ours, sizeof ours - 1, offered, offered_size);
    *out = chosen;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

asio::ssl::context make_tls(tls_identity const& identity)
{
    asio::ssl::context tls(asio::ssl::context::tls_server);
    tls.use_certificate(asio::buffer(identity.certificate), asio::ssl::context::pem);
    tls.use_private_key(asio::buffer(identity.private_key), asio::ssl::context::pem);
    auto* native = tls.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF); // tickets do it
    SSL_CTX_set_alpn_select_cb(native, &select_protocol, nullptr);
    return tls;
}

} // namespace

class https_server::impl
{
public:
    impl(engine& target, tls_identity const& identity, server_options const& options)
        : engine_(target)
        , options_(options)
        , tls_(make_tls(identity))
        , context_(static_cast<int>(options.threads))
        , acceptor_(context_)
    {
        try {
            tcp::endpoint const at(asio::ip::make_address(options.address), options.port);
            acceptor_.open(at.protocol());
            acceptor_.set_option(tcp::acceptor::reuse_address(true));
            acceptor_.bind(at);
            acceptor_.listen(4096);
        } catch (boost::system::system_error const& error) {
            throw std::system_error(error.code(), "cannot listen on " + options.address);
        }
    }

    ~impl()
    {
        context_.stop();
        for (auto& thread : threads_)
            thread.join();
    }

    impl(impl const&) = delete;
    impl& operator=(impl const&) = delete;

    void start()
    {
        asio::co_spawn(context_, accept(), asio::detached);
        asio::co_spawn(context_, sweep(), asio::detached);
        for (unsigned i = 0; i < options_.threads; ++i)
            threads_.emplace_back([this] { context_.run(); });
    }

    unsigned short port() const { return acceptor_.local_endpoint().port(); }

private:
    asio::awaitable<void> accept()
    {
        for (;;) {
            tcp::socket socket(asio::make_strand(context_));
            error_code failure;
            co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, failure));
            if (failure == asio::error::operation_aborted)
                co_return;
            if (failure) {
                // Out of descriptors, most likely: some will be free again soon.
                asio::steady_timer pause(context_, std::chrono::milliseconds{20});
                co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failure));
                continue;
            }
            admit(std::move(socket));
        }
    }

    void admit(tcp::socket socket)
    {
        ++engine_.counters.connections_accepted;
        if (engine_.faults.take_refusal()) {
            ++engine_.counters.faults_injected;
            error_code ignored;
            socket.set_option(asio::socket_base::linger(true, 0), ignored);
            socket.close(ignored);
            return;
        }
        auto executor = socket.get_executor();
        auto made = std::make_shared<connection>(std::move(socket), tls_, options_.plain_http, engine_);
        connections_.add(made);
        asio::co_spawn(executor, connection::run(std::move(made)), asio::detached);
    }

    asio::awaitable<void> sweep()
    {
        asio::steady_timer timer(context_);
        for (;;) {
            timer.expires_after(sweep_interval);
            co_await timer.async_wait(asio::use_awaitable);
            connections_.check_idle(options_.idle_timeout);
        }
    }

    engine& engine_;
    server_options options_;
    asio::ssl::context tls_;
    connection_list connections_;
    asio::io_context context_;
    tcp::acceptor acceptor_;
    std::vector<std::thread> threads_;
};

https_server::https_server(engine& target, tls_identity const& identity, server_options const& options)
    : impl_(std::make_unique<impl>(target, identity, options))
{}

https_server::~https_server() = default;

void https_server::start()
{
    impl_->start();
}

unsigned short https_server::port() const
{
    return impl_->port();
}

} // namespace fluxer::auth::sandbox_detail
