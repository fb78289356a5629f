#ifndef FLUXER_AUTH_TEST_SCRIPTED_PEER_PARTS_HPP
#define FLUXER_AUTH_TEST_SCRIPTED_PEER_PARTS_HPP

#include "net/openssl.hpp"
#include "scripted/server_parts.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>

namespace fluxer::auth::test {

/// How long a step waits for the client.
constexpr std::chrono::seconds patience{60};

struct peer::parts
{
    std::shared_ptr<server_tls const> tls;
    client_hello hello;
    net::ssl_ptr ssl;
    BIO* in = nullptr;
    BIO* out = nullptr;
    int descriptor = -1;
    std::string address;
    bool secured = false;
    bool has_closed = false; // our side, in any way that still lets us read
    std::size_t pace = std::numeric_limits<std::size_t>::max();
    std::chrono::milliseconds pause{0};
    std::string pending;
    std::size_t requests = 0;
    std::size_t bytes_after_close = 0;
    ending ended = ending::open;
    bool said_close_notify = false;

    void take_plain()
    {
        char* data = nullptr;
        auto const size = BIO_get_mem_data(in, &data);
        pending.append(data, static_cast<std::size_t>(std::max(size, 0L)));
        static_cast<void>(BIO_reset(in));
    }
};

} // namespace fluxer::auth::test

#endif
