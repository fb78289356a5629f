#include <fluxer/auth/options.hpp>

#include <utility>

namespace fluxer::auth {

client_options::client_options(std::string base_url_)
    : base_url(std::move(base_url_))
{}

client_options::client_options(char const* base_url_)
    : base_url(base_url_ != nullptr ? base_url_ : "")
{}

client_options&& client_options::with_ca_pem(std::string value) &&
{
    tls.ca_pem = std::move(value);
    return std::move(*this);
}

client_options&& client_options::with_ca_file(std::string value) &&
{
    tls.ca_file = std::move(value);
    return std::move(*this);
}

client_options&& client_options::with_observer(std::shared_ptr<auth::observer> value) &&
{
    observer = std::move(value);
    return std::move(*this);
}

client_options&& client_options::with_max_connections(std::size_t value) &&
{
    pool.max_connections = value;
    return std::move(*this);
}

client_options&& client_options::with_timeout(milliseconds value) &&
{
    limits.call = value;
    return std::move(*this);
}

client_options&& client_options::with_proxy(proxy_options value) &&
{
    proxy = std::move(value);
    return std::move(*this);
}

client_options&& client_options::with_transport(auth::transport value) &&
{
    transport = std::move(value);
    return std::move(*this);
}

client_options&& client_options::with_clock(std::shared_ptr<auth::clock> value) &&
{
    clock = std::move(value);
    return std::move(*this);
}

client_options&& client_options::with_rate_mode(rate_mode value) &&
{
    rate.mode = value;
    return std::move(*this);
}

client_options&& client_options::with_remember_sudo(bool value) &&
{
    remember_sudo = value;
    return std::move(*this);
}

client_options&& client_options::with_allow_plain_http(bool value) &&
{
    allow_plain_http = value;
    return std::move(*this);
}

proxy_options::proxy_options(std::string url_)
    : url(std::move(url_))
{}

captcha_proof::captcha_proof(secret token_, std::string type_)
    : token(std::move(token_))
    , type(std::move(type_))
{}

call_options::call_options(milliseconds timeout_)
    : timeout(timeout_)
{}

call_options&& call_options::with_timeout(milliseconds value) &&
{
    timeout = value;
    return std::move(*this);
}

call_options&& call_options::with_captcha(captcha_proof value) &&
{
    captcha = std::move(value);
    return std::move(*this);
}

call_options&& call_options::with_sudo_token(secret value) &&
{
    sudo_token = std::move(value);
    return std::move(*this);
}

call_options&& call_options::with_request_id(std::string value) &&
{
    request_id = std::move(value);
    return std::move(*this);
}

call_options&& call_options::with_max_attempts(unsigned value) &&
{
    max_attempts = value;
    return std::move(*this);
}

call_options&& call_options::with_header(std::string name, std::string value) &&
{
    headers.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
}

} // namespace fluxer::auth
