#include <fluxer/auth/sudo.hpp>

#include <utility>

namespace fluxer::auth {

sudo_proof sudo_proof::password(secret value)
{
    sudo_proof proof;
    proof.answer_ = std::move(value);
    return proof;
}

sudo_proof sudo_proof::totp(secret code)
{
    sudo_proof proof;
    proof.method_ = "totp";
    proof.answer_ = std::move(code);
    return proof;
}

sudo_proof sudo_proof::sms(secret code)
{
    sudo_proof proof;
    proof.method_ = "sms";
    proof.answer_ = std::move(code);
    return proof;
}

sudo_proof sudo_proof::passkey(boost::json::value response, std::string challenge)
{
    sudo_proof proof;
    proof.method_ = "webauthn";
    proof.response_ = std::move(response);
    proof.challenge_ = std::move(challenge);
    return proof;
}

void sudo_proof::add_to(logout_auth_sessions_request& request) const
{
    logout_auth_sessions_request made(std::move(request.session_id_hashes));
    if (is_password()) {
        made.password = answer_;
    } else {
        made.mfa_method = method_;
        if (response_) {
            made.webauthn_response = *response_;
            made.webauthn_challenge = challenge_;
        } else {
            made.mfa_code = answer_;
        }
    }
    request = std::move(made);
}

} // namespace fluxer::auth
