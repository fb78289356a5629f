#ifndef FLUXER_AUTH_SANDBOX_ROUTES_HPP
#define FLUXER_AUTH_SANDBOX_ROUTES_HPP

#include "sandbox/call.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fluxer::auth::sandbox_detail {

enum class needs : unsigned {
    nothing = 0,
    captcha = 1,
    no_sso = 2, // refused while SSO is enforced
    session = 4,
    trusted = 8, // refused to accounts flagged as suspicious
};

constexpr needs operator|(needs left, needs right)
{
    return static_cast<needs>(static_cast<unsigned>(left) | static_cast<unsigned>(right));
}

constexpr bool has(needs all, needs one)
{
    return (static_cast<unsigned>(all) & static_cast<unsigned>(one)) != 0;
}

enum class offered {
    always,
    until_2026_09,
    since_2026_09,
};

/// One row of the table in contract section 4.
struct operation
{
    std::string_view id;
    std::string_view method;
    std::string_view path; // one segment may be `{code}`
    reply (*handler)(call&);
    needs conditions;
    std::string_view bucket;
    rate allowance;
    offered when = offered::always;
};

/// The 28 operations first, then those of generation 2026-09, then the few others that the server knows.
std::span<operation const> operations();

constexpr std::size_t documented_operations = 28;
constexpr std::size_t newer_operations = 5;
constexpr std::size_t known_operations = documented_operations + newer_operations + 6;

bool is_offered(operation const& target, sandbox_generation generation);

struct route
{
    operation const* target;
    std::string argument; // of `{code}`, decoded
};

/// Strict routing (contract 1.1): the `/v1` prefix is optional; nothing else about a path is. HEAD goes where
/// GET goes.
std::optional<route> find_route(std::string_view method, std::string_view path);

} // namespace fluxer::auth::sandbox_detail

#endif
