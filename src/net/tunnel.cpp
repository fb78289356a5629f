#include "net/tunnel.hpp"

#include "core/encoding.hpp"
#include "core/http_syntax.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <string>

namespace fluxer::auth::net {

namespace {

constexpr std::size_t longest_header = 16 * 1024;
constexpr std::string_view header_end = "\r\n\r\n";

failure refused(std::string message)
{
    return {errc::proxy_failed, phase::proxy, error_code{}, std::move(message)};
}

/// The status of a whole header that begins with "HTTP/1.0 NNN" or "HTTP/1.1 NNN"; 0: it does not.
int status_of(std::string_view header)
{
    constexpr std::string_view version = "HTTP/1.";
    constexpr std::size_t digits = 9; // behind "HTTP/1.x "
    if (!header.starts_with(version) || header.size() < digits + 3 || header[digits - 1] != ' ')
        return 0;
    if (auto const minor = header[version.size()]; minor != '0' && minor != '1')
        return 0;
    int status = 0;
    for (auto const digit : header.substr(digits, 3)) {
        if (digit < '0' || digit > '9')
            return 0;
        status = status * 10 + (digit - '0');
    }
    auto const next = header[digits + 3];
    return next == ' ' || next == '\r' ? status : 0;
}

/// The answer to CONNECT, as far as it has come.
class tunnel_answer
{
public:
    enum class state { need_more, open, failed };

    /// How much may be read: a proxy that says too much must not be mistaken for the server behind it.
    std::string& bytes() noexcept { return bytes_; }

    state judge()
    {
        for (;;) {
            auto const end = bytes_.find(header_end);
            if (end == std::string::npos) {
                if (bytes_.size() <= longest_header)
                    return state::need_more;
                problem = "the proxy's answer has no end";
                return state::failed;
            }
            auto const status = status_of(bytes_);
            bytes_.erase(0, end + header_end.size());
            // An interim answer, of which a few may come first.
            if (status >= 100 && status < 200 && status != 101 && ++interim_ <= most_interim)
                continue;
            return final_answer(status);
        }
    }

    std::string problem;
    error_code cause; ///< set if the proxy may answer otherwise a moment later

private:
    static constexpr int most_interim = 8;

    state final_answer(int status)
    {
        // Length and encoding of such an answer mean nothing (RFC 9110 §9.3.6).
        if (status >= 200 && status < 300 && bytes_.empty())
            return state::open;
        if (status >= 200 && status < 300)
            problem =
                "the proxy sent bytes behind its answer, before the server could have been asked anything";
        else if (status == 407)
            problem =
                "the proxy wants credentials or refuses those given (407): proxy.username, proxy.password";
        else if (status == 502 || status == 503 || status == 504)
            cause = boost::system::errc::make_error_code(boost::system::errc::resource_unavailable_try_again);
        if (!problem.empty())
            return state::failed;
        if (status != 0)
            problem = "the proxy answered " + std::to_string(status) + " to CONNECT";
        else
            problem = "the proxy's answer to CONNECT is not HTTP/1.1";
        return state::failed;
    }

    std::string bytes_;
    int interim_ = 0;
};

class tunnel_run final : public abortable
{
public:
    tunnel_run(asio::ip::tcp::socket& socket, watchdog& dog)
        : socket_(socket)
        , dog_(dog)
    {}

    void abort() noexcept override
    {
        error_code ignored;
        socket_.close(ignored);
    }

    asio::awaitable<std::optional<failure>> run(std::string_view request)
    {
        error_code ec;
        while (!request.empty() && !ec) {
            request.remove_prefix(socket_.write_some(asio::buffer(request.data(), request.size()), ec));
            if (ec == asio::error::would_block)
                co_await wait(asio::ip::tcp::socket::wait_write, ec);
        }
        tunnel_answer answer;
        std::array<char, 1024> buffer{};
        while (!ec) {
            auto const size = socket_.read_some(asio::buffer(buffer), ec);
            answer.bytes().append(buffer.data(), size);
            if (ec == asio::error::would_block) {
                co_await wait(asio::ip::tcp::socket::wait_read, ec);
                continue;
            }
            if (ec)
                break;
            auto const state = answer.judge();
            if (state == tunnel_answer::state::open)
                co_return std::nullopt;
            if (state == tunnel_answer::state::failed) {
                auto why = refused(std::move(answer.problem));
                why.cause = answer.cause;
                co_return why;
            }
        }
        auto why = refused("the connection ended before the proxy answered: " + ec.message());
        why.cause = ec;
        co_return why;
    }

private:
    asio::awaitable<void> wait(asio::ip::tcp::socket::wait_type what, error_code& ec)
    {
        ec = {};
        co_await socket_.async_wait(what, asio::redirect_error(asio::use_awaitable, ec));
        if (!ec && dog_.interrupted() != interruption::none)
            ec = asio::error::operation_aborted;
    }

    asio::ip::tcp::socket& socket_;
    watchdog& dog_;
};

} // namespace

core::secret_buffer connect_request(proxy_options const& options, core::origin const& origin)
{
    auto const host = origin.host.find(':') != std::string::npos ? "[" + origin.host + "]" : origin.host;
    auto const target = host + ":" + std::to_string(origin.port);
    core::secret_buffer request;
    request.append("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n");
    if (!options.username.empty()) {
        core::secret_buffer plain;
        plain.append(options.username);
        plain.push_back(':');
        plain.append(options.password.reveal());
        auto encoded = core::base64_encode(
            {reinterpret_cast<unsigned char const*>(plain.data()), // NOLINT(*-reinterpret-cast): bytes
             plain.size()});
        request.append("Proxy-Authorization: Basic ");
        request.append(encoded);
        request.append("\r\n");
        OPENSSL_cleanse(encoded.data(), encoded.size());
    }
    request.append("\r\n");
    return request;
}

asio::awaitable<std::optional<failure>> open_tunnel(
    asio::ip::tcp::socket& socket, std::string_view request, watchdog& dog, milliseconds limit)
{
    error_code ec;
    socket.non_blocking(true, ec);
    tunnel_run run(socket, dog);
    dog.enter(phase::proxy, limit, run);
    auto why = co_await run.run(request);
    dog.leave();
    co_return why;
}

} // namespace fluxer::auth::net
