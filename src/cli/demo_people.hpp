#ifndef FLUXER_AUTH_CLI_DEMO_PEOPLE_HPP
#define FLUXER_AUTH_CLI_DEMO_PEOPLE_HPP

#include <fluxer/auth/error.hpp>
#include <fluxer/auth/login.hpp>

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

namespace fluxer::auth::cli {

// The accounts live in a sandbox that ends with the demo, so that their passwords protect nothing.
inline constexpr char const* ada = "ada@example.com";
inline constexpr char const* ada_password = "a tale of nine engines";
inline constexpr char const* grace = "grace@example.com";
inline constexpr char const* grace_password = "moth in relay seventy";

/// The session that a login has to end with.
/// @throws exception if it failed, std::runtime_error if the server wants something else first
inline session session_of(result<login_result> answer)
{
    auto* own = std::get_if<session>(&answer.value());
    if (!own)
        throw std::runtime_error("the server wants something else before it gives a session");
    return std::move(*own);
}

/// Throws unless what should be is.
inline void expect(bool as_it_should_be, std::string const& what_is_wrong)
{
    if (!as_it_should_be)
        throw std::runtime_error(what_is_wrong);
}

class stopwatch
{
public:
    std::chrono::steady_clock::duration time() const { return std::chrono::steady_clock::now() - start_; }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

} // namespace fluxer::auth::cli

#endif
