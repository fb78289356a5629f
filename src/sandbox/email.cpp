#include "sandbox/operations.hpp"
#include "sandbox/text.hpp"

namespace fluxer::auth::sandbox_detail {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::hours verification_life{24};
constexpr std::size_t token_length = 64;
constexpr rate resends_per_email{3, 15min};

} // namespace

void send_verification_mail(call& now, account const& who)
{
    auto token =
        now.server.new_mail_token({mail_purpose::verify, who.id, who.email}, now.now, verification_life);
    now.server.send(who.email, "verify", "/verify", std::move(token), now.now);
}

reply verify_email(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const token = fields.exact_text("token", token_length);
    if (fields.failed())
        return fields.errors();
    auto const meaning = now.server.take_mail_token(token, mail_purpose::verify, now.now);
    auto* who = meaning ? now.server.find_account(meaning->user_id) : nullptr;
    if (!who)
        return coded_form_error("token", "INVALID_OR_EXPIRED_VERIFICATION_TOKEN");
    if (equal_ignoring_case(who->email, meaning->detail))
        who->verified = true;
    return no_content();
}

reply resend_verification_email(call& now)
{
    if (now.user->verified)
        return no_content();
    if (now.user->email.empty())
        return api_error(500, "INTERNAL_SERVER_ERROR");
    if (auto limited = inner_limit(now, "verify:email:" + to_lower(now.user->email), resends_per_email))
        return std::move(*limited);
    send_verification_mail(now, *now.user);
    return no_content();
}

} // namespace fluxer::auth::sandbox_detail
