#ifndef FLUXER_AUTH_CLI_DRIVE_PEOPLE_HPP
#define FLUXER_AUTH_CLI_DRIVE_PEOPLE_HPP

#include "cli/drive_mix.hpp"

#include <fluxer/auth/login.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth::cli {

/// Somebody who has an account.
struct drive_person
{
    drive_person() = default;

    std::string email;
    secret password;
    std::optional<secret> totp_key;       ///< base32
    std::string user_id;                  ///< empty: not known
    std::string address;                  ///< for X-Forwarded-For; empty: none is sent
    std::optional<auth::session> session; ///< of the device that lets others in
    std::int64_t last_code = 0;           ///< the 30 s interval of the authenticator's last code
};

/// IP addresses for X-Forwarded-For, each another one: 10.0.0.0/8 from anywhere on.
class address_book
{
public:
    explicit address_book(std::uint64_t seed) noexcept
        : first_(seed)
    {}

    /// @param number below 16,777,216
    std::string at(std::size_t number) const;

private:
    std::uint64_t first_;
};

/// Those who do the flows: each kind has people of its own, who take turns.
class drive_people
{
public:
    void add(flow_kind kind, drive_person who) { of(kind).push_back(std::move(who)); }

    std::vector<drive_person>& of(flow_kind kind) noexcept { return people_[static_cast<std::size_t>(kind)]; }

    /// Of all kinds.
    std::size_t size() const noexcept;

    /// Whose turn it is. There has to be somebody of that kind.
    drive_person& next(flow_kind kind);

private:
    std::array<std::vector<drive_person>, flow_kinds> people_;
    std::array<std::size_t, flow_kinds> turns_{};
};

/// The interval for whose code a person has to wait, or the present one: a code works once (contract 5.6).
/// @param now the present interval
/// @returns it, having noted it as used
std::int64_t take_code(drive_person& who, std::int64_t now) noexcept;

/// People of a file: a line for each with e-mail address, password and, if there is one, the key of the authenticator
/// app, tabs between them. Empty lines and those that begin with '#' are left out.
/// @throws std::runtime_error that names the file and the line
std::vector<drive_person> people_in(std::string const& file);

} // namespace fluxer::auth::cli

#endif
