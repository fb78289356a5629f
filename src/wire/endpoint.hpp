#ifndef FLUXER_AUTH_WIRE_ENDPOINT_HPP
#define FLUXER_AUTH_WIRE_ENDPOINT_HPP

#include <fluxer/auth/operation.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

namespace fluxer::auth::wire {

enum class credential : std::uint8_t {
    none,
    ticket,           ///< in body or query
    mail_token,       ///< in the body
    session,          ///< the token in `Authorization`
    session_unchecked ///< the same, but the server answers alike without
};

/// What a rate limit counts together, and how much of it (contract 4, 10).
struct rate_bucket
{
    std::string_view name;
    unsigned limit = 0;
    std::chrono::milliseconds window{0};
};

/// What an operation's handler counts beside its bucket, every attempt, good or bad (contract 5.4, 5.5, 5.13, 5.14).
struct inner_limit
{
    enum class per : std::uint8_t { email, address, account };

    std::string_view name;
    per counts = per::address;
    unsigned limit = 0; ///< 0: there is none
    std::chrono::milliseconds window{0};
};

using inner_limits = std::array<inner_limit, 2>;

/// One row of contract section 4.
struct endpoint
{
    auth::operation operation = auth::operation::raw;
    std::string_view name;
    std::string_view method;
    std::string_view path; ///< `{}` stands for the parameter, percent-encoded
    wire::credential credential = wire::credential::none;
    bool captcha = false;
    bool refused_under_sso = false;
    bool sudo = false;
    bool repeatable = false; ///< contract 13: safe to repeat after a lost answer
    rate_bucket bucket;
    int expected_status = 200;
    inner_limits inner;
    bool newer = false;       ///< of newer_generation only: servers of the baseline lack it
    bool may_be_gone = false; ///< newer servers may lack it (contract 14)
};

/// What this library asks for beside the operations (contract 1.2, 8.5).
enum class helper : std::uint8_t { discovery, sudo_methods, sudo_sms_code, sudo_webauthn_options };

/// One row of those; they are sent as raw requests.
struct helper_endpoint
{
    wire::helper helper = wire::helper::discovery;
    std::string_view function; ///< who asks
    std::string_view method;
    std::string_view path;
    bool repeatable = false;
    rate_bucket bucket;
};

/// The generation of the API that contract section 14 tells of.
inline constexpr std::string_view newer_generation = "2026-09";

/// The 28 that the contract fixes, in the order of auth::operation.
std::span<endpoint const> endpoints() noexcept;

/// Those of newer_generation, in the order of auth::operation. Their paths are derived.
std::span<endpoint const> newer_endpoints() noexcept;

/// The row of an operation other than `raw`.
endpoint const& endpoint_of(auth::operation operation) noexcept;

std::span<helper_endpoint const> helper_endpoints() noexcept;

helper_endpoint const& endpoint_of(helper which) noexcept;

/// What a raw request counts against beside the limit of all requests; null: nothing that is known.
///
/// @param target path and query; the path may have more in front, since discovery looks in several places
rate_bucket const* bucket_of(std::string_view method, std::string_view target) noexcept;

} // namespace fluxer::auth::wire

#endif
