#ifndef FLUXER_AUTH_CLI_DRIVE_MIX_HPP
#define FLUXER_AUTH_CLI_DRIVE_MIX_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::cli {

/// What a user may be about.
enum class flow_kind : std::uint8_t {
    login,   ///< e-mail address and password
    totp,    ///< the same, and the code of an authenticator app
    ip,      ///< a login from a new address, let pass by the link in a mail
    handoff, ///< one device lets another one in
};

inline constexpr std::size_t flow_kinds = 4;

inline constexpr std::array all_flow_kinds{
    flow_kind::login, flow_kind::totp, flow_kind::ip, flow_kind::handoff};

std::string_view to_string(flow_kind kind) noexcept;

/// How many flows of each kind there are in proportion to each other.
class flow_mix
{
public:
    /// @param text e.g. "login=70,totp=20,ip=5,handoff=5"; kinds that are not named do not occur
    /// @throws usage_error if it is not of that form, or nothing but zeros
    explicit flow_mix(std::string_view text);

    unsigned of(flow_kind kind) const noexcept { return weights_[static_cast<std::size_t>(kind)]; }

    /// As a parameter of the constructor.
    std::string to_string() const;

    /// How many of each kind there are among so many flows: as many as proportion wants, rounded so that their sum is
    /// right.
    std::array<std::size_t, flow_kinds> shares(std::size_t flows) const;

    /// The kind of each flow, in an order that depends on the seed only.
    std::vector<flow_kind> draw(std::size_t flows, std::uint64_t seed) const;

private:
    std::array<unsigned, flow_kinds> weights_{};
};

} // namespace fluxer::auth::cli

#endif
