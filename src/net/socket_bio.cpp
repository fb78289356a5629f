#include "net/socket_bio.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>

namespace fluxer::auth::net {

namespace {

struct socket_state
{
    int descriptor = -1;
    int error = 0; ///< of this step
    bool end_of_file = false;
    bool has_sent = false;              ///< in this step
    std::size_t left = socket_bio_step; ///< what this step may still take
    std::size_t fruitless = 0;
    bool holds = false;
    std::string unsent; ///< records that OpenSSL believes sent
};

/// A record of data, and a few short ones that answer new keys.
constexpr std::size_t most_unsent = 20 * 1024;

socket_state& state_of(BIO* bio)
{
    return *static_cast<socket_state*>(BIO_get_data(bio));
}

bool would_block(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

/// Takes as much as the socket does. False: it would block, or `state.error` says what is wrong.
bool flush(socket_state& state) noexcept
{
    if (state.unsent.empty())
        return true;
    while (!state.unsent.empty()) {
        auto const written = ::send(state.descriptor, state.unsent.data(), state.unsent.size(), MSG_NOSIGNAL);
        if (written < 0) {
            state.error = would_block(errno) ? 0 : errno;
            return false;
        }
        state.has_sent = true;
        state.unsent.erase(0, static_cast<std::size_t>(written));
    }
    std::string().swap(state.unsent); // idle connections are to be small
    return true;
}

/// Keeps what the socket does not take now. False: OpenSSL has to.
bool hold(socket_state& state, std::string_view bytes) noexcept
{
    if ((!state.holds && state.unsent.empty()) || state.unsent.size() + bytes.size() > most_unsent)
        return false;
    try {
        state.unsent.append(bytes);
        return true;
    } catch (std::exception const&) {
        return false;
    }
}

int write_bytes(BIO* bio, char const* data, int size)
{
    auto& state = state_of(bio);
    BIO_clear_retry_flags(bio);
    auto const length = static_cast<std::size_t>(size);
    if (flush(state)) {
        auto const written = ::send(state.descriptor, data, length, MSG_NOSIGNAL);
        if (written >= 0) {
            state.has_sent = true;
            return static_cast<int>(written);
        }
        if (!would_block(errno))
            state.error = errno;
    }
    if (state.error != 0)
        return -1;
    if (hold(state, {data, length}))
        return size;
    BIO_set_retry_write(bio);
    return -1;
}

int read_bytes(BIO* bio, char* data, int size)
{
    auto& state = state_of(bio);
    BIO_clear_retry_flags(bio);
    if (state.left == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    auto const got = ::recv(state.descriptor, data, std::min(static_cast<std::size_t>(size), state.left), 0);
    if (got > 0) {
        state.left -= static_cast<std::size_t>(got);
        state.fruitless += static_cast<std::size_t>(got);
        return static_cast<int>(got);
    }
    if (got == 0) {
        state.end_of_file = true;
        return 0;
    }
    if (would_block(errno))
        BIO_set_retry_read(bio);
    else
        state.error = errno;
    return -1;
}

long control(BIO* bio, int command, long, void*)
{
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_EOF:
        // OpenSSL tells a truncated stream from a failed read by this answer.
        return state_of(bio).end_of_file ? 1 : 0;
    default:
        return 0;
    }
}

int destroy(BIO* bio)
{
    std::unique_ptr<socket_state> const state(static_cast<socket_state*>(BIO_get_data(bio)));
    BIO_set_data(bio, nullptr);
    return 1;
}

BIO_METHOD* make_method()
{
    auto* const method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "fluxer_auth socket");
    if (method == nullptr)
        throw std::bad_alloc();
    BIO_meth_set_write(method, write_bytes);
    BIO_meth_set_read(method, read_bytes);
    BIO_meth_set_ctrl(method, control);
    BIO_meth_set_destroy(method, destroy);
    return method;
}

} // namespace

bio_ptr make_socket_bio(int descriptor)
{
    // Never freed: connections may outlive any static object.
    static BIO_METHOD* const method = make_method();
    auto state = std::make_unique<socket_state>();
    state->descriptor = descriptor;
    bio_ptr bio(BIO_new(method));
    if (!bio)
        throw std::bad_alloc();
    BIO_set_data(bio.get(), state.release());
    BIO_set_init(bio.get(), 1);
    return bio;
}

void socket_bio_begin_step(BIO* bio) noexcept
{
    auto& state = state_of(bio);
    state.error = 0;
    state.has_sent = false;
    state.left = socket_bio_step;
    state.holds = false;
}

bool socket_bio_flush(BIO* bio) noexcept
{
    auto& state = state_of(bio);
    state.holds = true;
    return flush(state);
}

bool socket_bio_has_sent(BIO* bio) noexcept
{
    return state_of(bio).has_sent;
}

bool socket_bio_has_unsent(BIO* bio) noexcept
{
    return !state_of(bio).unsent.empty();
}

int socket_bio_error(BIO* bio) noexcept
{
    return state_of(bio).error;
}

bool socket_bio_is_spent(BIO* bio) noexcept
{
    return state_of(bio).left == 0;
}

std::size_t socket_bio_fruitless(BIO* bio) noexcept
{
    return state_of(bio).fruitless;
}

void socket_bio_bore_fruit(BIO* bio) noexcept
{
    state_of(bio).fruitless = 0;
}

} // namespace fluxer::auth::net
