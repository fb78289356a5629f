#ifndef FLUXER_AUTH_CLI_DRIVE_SETUP_HPP
#define FLUXER_AUTH_CLI_DRIVE_SETUP_HPP

#include "cli/control_client.hpp"
#include "cli/drive_mix.hpp"
#include "cli/drive_people.hpp"

#include <fluxer/auth/client.hpp>

#include <boost/asio/awaitable.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth::cli {

/// Who is needed.
struct people_wishes
{
    people_wishes() = default;

    std::array<std::size_t, flow_kinds> flows{}; ///< of each kind
    std::size_t concurrency = 1;
    std::string tag; ///< in the e-mail addresses, which another run shall not have
    std::optional<std::size_t>
        addresses;        ///< where people are at home; none: so many that no limit is in the way
    address_book book{0}; ///< the first ones are homes
};

/// Makes accounts in a sandbox: as many as the limits of an e-mail address want (contract 5.5), and for codes of
/// authenticators so many that one comes round after more than 30 s (contract 5.6).
/// @param people gets them
/// @returns how many addresses were used
/// @throws exception or std::runtime_error if the sandbox does not do as asked
boost::asio::awaitable<std::size_t> make_people(
    control_client control, people_wishes wishes, drive_people& people);

/// Has people who have accounts already take the parts, and logs those in who let other devices in.
/// @throws std::runtime_error if a kind wants somebody who is not there, or somebody cannot log in
boost::asio::awaitable<void> cast_people(
    client users, std::vector<drive_person> given, people_wishes wishes, milliseconds timeout,
    drive_people& people);

} // namespace fluxer::auth::cli

#endif
