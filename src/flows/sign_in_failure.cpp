#include "flows/sign_in_work.hpp"

#include <algorithm>

namespace fluxer::auth::flows_detail {

namespace {

bool begins_a_factor(sign_in_step step)
{
    return step == sign_in_step::send_sms || step == sign_in_step::get_mfa_challenge;
}

} // namespace

bool sign_in_work::is_wrong_by_itself(error const& failure)
{
    if (failure.code() != errc::invalid_request)
        return false;
    auto const& fields = failure.fields();
    return !fields.empty() && std::all_of(fields.begin(), fields.end(), [](field_error const& one) {
        return one.path == "code" || one.path.starts_with("response");
    });
}

sign_in_work::event sign_in_work::explain(error const& failure)
{
    outcome_.error = failure;
    switch (static_cast<errc>(failure.code().value())) {
    case errc::cancelled:
        return interrupted();
    case errc::timed_out:
        return left() == milliseconds(0) ? event::timed_out : event::failed;
    case errc::captcha_required:
    case errc::captcha_invalid:
    case errc::captcha_expired:
        return event::captcha_wanted;
    case errc::ip_authorization_required:
        return failure.ip_authorization() == nullptr ? event::failed : event::ip_wanted;
    case errc::suspended:
        return event::suspended;
    case errc::sso_required:
        return event::sso_required;
    case errc::rate_limited:
        return event::rate_limited;
    case errc::forbidden:
        return failure.api_code() == api_code::ip_banned ? event::banned : event::failed;
    case errc::rejected_input:
    case errc::rejected:
    case errc::passkey_failed:
        return event::refused;
    default:
        return event::failed;
    }
}

sign_in_work::event sign_in_work::explain_mfa(error const& failure)
{
    problem_ = failure;
    auto const meaning = explain(failure);
    // Newer servers may have no MFA by SMS (contract 14): another factor may do.
    if (failure.code() == errc::feature_disabled || is_wrong_by_itself(failure))
        return event::refused;
    // So may it where a code cannot be sent just now (contract 5.7).
    if (failure.code() == errc::server_error && !ticket_is_over() && begins_a_factor(outcome_.last))
        return event::refused;
    if (meaning != event::refused)
        return meaning;
    if (!begins_a_factor(outcome_.last))
        ++outcome_.code_rounds;
    // Newer servers name the ticket; for the others its age has to do (contract 5.6, 5.7, 14).
    if (failure.field("ticket") != nullptr || ticket_is_over())
        return ticket_ended();
    return event::refused;
}

} // namespace fluxer::auth::flows_detail
