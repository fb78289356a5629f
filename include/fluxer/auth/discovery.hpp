#ifndef FLUXER_AUTH_DISCOVERY_HPP
#define FLUXER_AUTH_DISCOVERY_HPP

#include <fluxer/auth/error.hpp>
#include <fluxer/auth/instance.hpp>
#include <fluxer/auth/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <string>

namespace fluxer::auth {

/// How to look for an instance.
struct FLUXER_AUTH_DECL discovery_options
{
    discovery_options() = default;
    explicit discovery_options(client_options client_);

    /// TLS, proxy, limits, max_body_bytes and all else of the client that asks; its base_url is not looked at.
    client_options client;
    call_options call; ///< of each request; there are up to three
};

/// Asks a host for its discovery document: from what a person types to a client's options.
///
/// Looked at in this order, until there is a document: below the path that was given, without its version, at the root,
/// and for a host without a path below `/api`, where all-in-one servers have their API. Redirects are not followed.
///
/// HTTPS only, unless the options say `client.allow_plain_http` and the URL says `http://`: a bare host is asked over HTTPS
/// even then. A document that came over HTTPS and names an `http://` address for the API or the web app is refused whatever
/// the options say; one that came over plain HTTP may name either.
///
/// @param executor where the work is done; its context must outlive the call
/// @param host_or_url `host`, `host:port`, `https://host[:port][/path]`, or the same with `http://` if that is allowed;
///   blanks around it are ignored. UTF-8, whatever the locale. An international name is converted as for
///   client_options::base_url.
/// @param options how to ask
/// @returns the instance
/// Errors: errc::invalid_request with field `host`, before anything is looked up; errc::not_an_instance: nothing at these
///   places is a discovery document, or it is one that cannot be used (no endpoints, an `http://` address that came over
///   HTTPS); errc::invalid_option; errc::rate_limited, errc::server_error, errc::overloaded, errc::proxy_error,
///   errc::forbidden; the transport, TLS and protocol codes.
/// Cancellation: terminal, partial and total at every point; nothing changes on the server.
/// Executor: may be awaited from any. Thread safety: any thread.
/// Source: contract 1.2, 1.3.
FLUXER_AUTH_DECL boost::asio::awaitable<result<instance>> discover(
    boost::asio::any_io_executor executor, std::string host_or_url, discovery_options options = {});

} // namespace fluxer::auth

#endif
