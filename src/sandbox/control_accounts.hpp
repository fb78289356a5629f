#ifndef FLUXER_AUTH_SANDBOX_CONTROL_ACCOUNTS_HPP
#define FLUXER_AUTH_SANDBOX_CONTROL_ACCOUNTS_HPP

#include "sandbox/exchange.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::sandbox_detail {

class engine;

/// One request to the control API. What is missing reads as empty; what has a wrong type throws
/// `std::invalid_argument`, which becomes a 400.
class control_call
{
public:
    control_call(engine& target, request const& in);

    /// Of the query.
    std::string parameter(std::string_view name) const;

    // Members of the body.
    std::optional<std::string> text(std::string_view name) const;
    std::string required_text(std::string_view name) const;
    std::optional<bool> flag(std::string_view name) const;
    std::optional<std::int64_t> number(std::string_view name) const;
    boost::json::value const* member(std::string_view name) const;

    engine& server;

private:
    request const& in_;
    boost::json::value body_;
};

reply control_get_account(control_call const& now);
reply control_set_account(control_call const& now);
reply control_change_email(control_call const& now);
reply control_get_sms(control_call const& now);
reply control_get_sessions(control_call const& now);
reply control_add_session(control_call const& now);
reply control_end_session(control_call const& now);
reply control_add_token(control_call const& now);

} // namespace fluxer::auth::sandbox_detail

#endif
