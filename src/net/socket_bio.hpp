#ifndef FLUXER_AUTH_NET_SOCKET_BIO_HPP
#define FLUXER_AUTH_NET_SOCKET_BIO_HPP

#include "net/openssl.hpp"

namespace fluxer::auth::net {

/// Lets OpenSSL read and write a non-blocking socket itself. Unlike OpenSSL's own socket BIO it never raises
/// SIGPIPE; unlike a pair of memory BIOs it needs no buffers of its own.
///
/// The descriptor stays the caller's. Throws std::bad_alloc.
bio_ptr make_socket_bio(int descriptor);

/// The errno of the BIO's last failed read or write; 0 if there was none.
int socket_bio_error(BIO* bio) noexcept;

} // namespace fluxer::auth::net

#endif
