#ifndef FLUXER_AUTH_TEST_CONFORMANCE_MEMBER_CHECK_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_MEMBER_CHECK_HPP

#include "findings.hpp"

#include <fluxer/auth/config.hpp>

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::conformance {

/// `2026-11-24T03:02:42.600Z`
std::string format_timestamp(timestamp when);

/// Compares decoded members with those of a JSON object. Absent and null are the same in answers (contract 2.2).
class member_check
{
public:
    member_check(boost::json::object const& expected, findings& found, std::string place = {})
        : expected_(expected)
        , found_(found)
        , place_(std::move(place))
    {}

    void text(std::string_view name, std::string_view actual);
    void optional_text(std::string_view name, std::optional<std::string> const& actual);
    void flag(std::string_view name, bool actual, bool otherwise = false);
    void time(std::string_view name, std::optional<timestamp> actual);
    void texts(std::string_view name, std::vector<std::string> const& actual);

    /// A nested object; nullptr if there is none, and then none may have been decoded.
    boost::json::object const* nested(std::string_view name, bool decoded);

    void expect(bool holds, std::string_view name);
    std::optional<std::string> expected_text(std::string_view name) const;

    std::string place_of(std::string_view name) const { return place_ + std::string(name); }

private:
    boost::json::object const& expected_;
    findings& found_;
    std::string place_;
};

} // namespace fluxer::auth::conformance

#endif
