#ifndef FLUXER_AUTH_NET_SOCKET_BIO_HPP
#define FLUXER_AUTH_NET_SOCKET_BIO_HPP

#include "net/openssl.hpp"

#include <cstddef>

namespace fluxer::auth::net {

/// How much of the socket one step may take: OpenSSL goes on within one call for as long as messages come that are no
/// data (new keys, tickets, requests to renegotiate). More than the largest record has with all around it, so that
/// reading data never stops for this.
constexpr std::size_t socket_bio_step = 17 * 1024;

/// Lets OpenSSL read and write a non-blocking socket itself. Unlike OpenSSL's own socket BIO it never raises
/// SIGPIPE; unlike a pair of memory BIOs it needs no buffers of its own.
///
/// The descriptor stays the caller's. Throws std::bad_alloc.
bio_ptr make_socket_bio(int descriptor);

/// From here on a new step is counted. When it has taken what it may, the BIO says that the socket would block; OpenSSL
/// asks only for what it cannot go on without, so that to wait for the socket is right then, which has more at once or
/// will have it.
void socket_bio_begin_step(BIO* bio) noexcept;

/// Sends what is unsent, and makes the step one that keeps what the socket does not take: OpenSSL fails if it has to answer
/// the peer's new keys while a record of ours is half written. False: the socket would block, or failed.
bool socket_bio_flush(BIO* bio) noexcept;

/// Whether the socket took anything in this step, though it failed behind that.
bool socket_bio_has_sent(BIO* bio) noexcept;

/// Whether OpenSSL believes something sent that is not.
bool socket_bio_has_unsent(BIO* bio) noexcept;

/// The errno of the step's last failed read or write; 0 if there was none.
int socket_bio_error(BIO* bio) noexcept;

/// Whether the step has taken all that it may.
bool socket_bio_is_spent(BIO* bio) noexcept;

/// How much was taken since the last data.
std::size_t socket_bio_fruitless(BIO* bio) noexcept;

/// Data came.
void socket_bio_bore_fruit(BIO* bio) noexcept;

} // namespace fluxer::auth::net

#endif
