#ifndef FLUXER_AUTH_RAW_HPP
#define FLUXER_AUTH_RAW_HPP

#include <fluxer/auth/secret.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth {

struct FLUXER_AUTH_DECL header
{
    header() = default;
    header(std::string name_, std::string value_);

    std::string name;
    std::string value;

    friend bool operator==(header const&, header const&) = default;
};

/// A request that no operation covers, for client::send.
struct FLUXER_AUTH_DECL raw_request
{
    raw_request() = default;
    raw_request(std::string method_, std::string target_);

    std::string method;          ///< upper-case letters, e.g. "GET"; not CONNECT
    std::string target;          ///< appended to the base URL's path: "/auth/sessions?x=1"; begins with '/'
    std::vector<header> headers; ///< instead of the client's own of the same name
    std::optional<secret> body;  ///< sent with `Content-Type: application/json` unless headers name another
    std::optional<secret> token; ///< sent as it is in `Authorization` (contract 3)
    bool repeatable = false;     ///< true: may be sent again after a lost answer

    raw_request&& with_header(std::string name, std::string value) &&;
    raw_request&& with_body(secret value) &&;
    raw_request&& with_token(secret value) &&;
    raw_request&& as_repeatable() &&;
};

/// Whatever the server answered, with any status. Its body may hold secrets: handle with care.
struct FLUXER_AUTH_DECL raw_response
{
    raw_response() = default;

    int status = 0;
    std::vector<auth::header> headers;
    secret body;

    /// The first field of that name, whatever its case; empty view if there is none.
    std::string_view header_value(std::string_view name) const noexcept;
};

} // namespace fluxer::auth

#endif
