#include "cli/chaos_proxy.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t chunk_size = 16 * 1024;
constexpr std::size_t most_pieces = 8;
constexpr std::chrono::milliseconds piece_pause{1}; // so that the receiver sees each by itself

/// Written by the proxy's thread, read by others.
struct shared_counts
{
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> open{0};
    std::atomic<std::uint64_t> bytes{0};
    std::array<std::atomic<std::uint64_t>, chaos_kinds> faults{};

    void add(chaos_kind kind) { ++faults[static_cast<std::size_t>(kind)]; }
};

/// A client's connection and the one to the server that belongs to it. Its two relays own it together.
class link
{
public:
    link(tcp::socket from_client, asio::io_context& io, shared_counts& counts)
        : client(std::move(from_client))
        , server(io)
        , counts_(counts)
    {
        ++counts_.open;
    }

    ~link()
    {
        close();
        --counts_.open;
    }

    link(link const&) = delete;
    link& operator=(link const&) = delete;

    void count(chaos_kind kind) { counts_.add(kind); }

    void count_bytes(std::size_t bytes) { counts_.bytes += bytes; }

    void close()
    {
        error_code ignored;
        client.close(ignored);
        server.close(ignored);
    }

    void reset()
    {
        error_code ignored;
        for (auto* end : {&client, &server})
            end->set_option(asio::socket_base::linger(true, 0), ignored);
        close();
    }

    tcp::socket client;
    tcp::socket server;

private:
    shared_counts& counts_;
};

/// One direction of a link.
class relay
{
public:
    relay(std::shared_ptr<link> of, tcp::socket& from, tcp::socket& to, chaos_plan plan)
        : link_(std::move(of))
        , from_(from)
        , to_(to)
        , plan_(plan)
    {}

    /// @param self owns it until the direction has ended
    static asio::awaitable<void> run(std::unique_ptr<relay> self)
    {
        bool open = true;
        while (open)
            open = co_await self->pass_chunk();
    }

private:
    /// @returns whether more may follow
    asio::awaitable<bool> pass_chunk()
    {
        error_code failure;
        auto const size = co_await from_.async_read_some(
            asio::buffer(chunk_), asio::redirect_error(asio::use_awaitable, failure));
        if (failure)
            co_return end(failure);
        if (swallows_)
            co_return true;
        auto const fate = plan_.next(size);
        if (fate.fault)
            link_->count(*fate.fault);
        if (fate.fault == chaos_kind::reset) {
            link_->reset();
            co_return false;
        }
        if (fate.fault == chaos_kind::black_hole) {
            swallows_ = true;
            co_return true;
        }
        if (fate.fault == chaos_kind::truncate) {
            co_await write(0, fate.size);
            link_->close();
            co_return false;
        }
        if (fate.fault == chaos_kind::delay)
            co_await pause(fate.delay);
        std::size_t begin = 0;
        if (fate.fault == chaos_kind::split)
            begin = co_await write_pieces(size, fate.size);
        co_return co_await write(begin, size);
    }

    /// An orderly end is passed on, anything else ends the whole link.
    bool end(error_code const& why)
    {
        error_code failure = why;
        if (why == asio::error::eof)
            to_.shutdown(tcp::socket::shutdown_send, failure);
        if (failure)
            link_->close();
        return false;
    }

    /// @returns how many bytes of the chunk went so
    asio::awaitable<std::size_t> write_pieces(std::size_t size, std::size_t piece)
    {
        std::size_t begin = 0;
        for (std::size_t i = 0; i < most_pieces && begin < size; ++i) {
            auto const end = std::min(begin + piece, size);
            auto const written = co_await write(begin, end);
            begin = end;
            if (!written)
                break;
            co_await pause(piece_pause);
        }
        co_return begin;
    }

    /// @returns whether it could
    asio::awaitable<bool> write(std::size_t begin, std::size_t end)
    {
        if (begin == end)
            co_return true;
        error_code failure;
        auto const piece = asio::buffer(chunk_.data() + begin, end - begin);
        auto const written =
            co_await asio::async_write(to_, piece, asio::redirect_error(asio::use_awaitable, failure));
        link_->count_bytes(written);
        if (failure)
            link_->close();
        co_return !failure;
    }

    asio::awaitable<void> pause(std::chrono::milliseconds time)
    {
        asio::steady_timer timer(from_.get_executor(), time);
        error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }

    std::shared_ptr<link> link_;
    tcp::socket& from_;
    tcp::socket& to_;
    chaos_plan plan_;
    std::array<char, chunk_size> chunk_;
    bool swallows_ = false;
};

} // namespace

class chaos_proxy::impl
{
public:
    impl(unsigned short server_port, chaos_rates const& rates, std::uint64_t seed)
        : rates_(rates)
        , seed_(seed)
        , server_(asio::ip::address_v4::loopback(), server_port)
        , io_(1)
        , acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0))
        , port_(acceptor_.local_endpoint().port())
    {
        asio::co_spawn(io_, accept(), asio::detached);
        thread_ = std::thread([this] { io_.run(); });
    }

    ~impl()
    {
        io_.stop();
        thread_.join();
    }

    impl(impl const&) = delete;
    impl& operator=(impl const&) = delete;

    unsigned short port() const { return port_; }

    chaos_counts counts() const
    {
        chaos_counts now;
        now.accepted = counts_.accepted;
        now.open = counts_.open;
        now.bytes = counts_.bytes;
        std::ranges::copy(counts_.faults, now.faults.begin());
        return now;
    }

private:
    asio::awaitable<void> accept()
    {
        for (;;) {
            error_code failure;
            auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, failure));
            if (failure) {
                // Out of descriptors, most likely: some will be free again soon.
                asio::steady_timer pause(io_, std::chrono::milliseconds(20));
                co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failure));
                continue;
            }
            auto const number = counts_.accepted++;
            asio::co_spawn(io_, serve(std::move(socket), number), asio::detached);
        }
    }

    asio::awaitable<void> serve(tcp::socket socket, std::uint64_t number)
    {
        auto const made = std::make_shared<link>(std::move(socket), io_, counts_);
        chaos_plan upwards(rates_, chaos_seed(seed_, 2 * number));
        chaos_plan const downwards(rates_, chaos_seed(seed_, 2 * number + 1));
        if (upwards.refuses()) {
            made->count(chaos_kind::refuse);
            made->reset();
            co_return;
        }
        error_code failure;
        co_await made->server.async_connect(server_, asio::redirect_error(asio::use_awaitable, failure));
        if (failure)
            co_return;
        // Pieces shall stay pieces.
        for (auto* end : {&made->client, &made->server})
            end->set_option(tcp::no_delay(true), failure);
        start(std::make_unique<relay>(made, made->client, made->server, upwards));
        start(std::make_unique<relay>(made, made->server, made->client, downwards));
    }

    void start(std::unique_ptr<relay> direction)
    {
        asio::co_spawn(io_, relay::run(std::move(direction)), asio::detached);
    }

    chaos_rates rates_;
    std::uint64_t seed_;
    tcp::endpoint server_;
    shared_counts counts_;
    asio::io_context io_;
    tcp::acceptor acceptor_;
    unsigned short port_;
    std::thread thread_;
};

chaos_proxy::chaos_proxy(unsigned short server_port, chaos_rates const& rates, std::uint64_t seed)
    : impl_(std::make_unique<impl>(server_port, rates, seed))
{}

chaos_proxy::~chaos_proxy() = default;

unsigned short chaos_proxy::port() const
{
    return impl_->port();
}

chaos_counts chaos_proxy::counts() const
{
    return impl_->counts();
}

} // namespace fluxer::auth::cli
