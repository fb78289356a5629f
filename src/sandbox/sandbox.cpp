#include "fluxer/auth_sandbox.hpp"

#include "sandbox/engine.hpp"
#include "sandbox/https_server.hpp"
#include "sandbox/routes.hpp"

#include <stdexcept>
#include <vector>

namespace fluxer::auth {

namespace {

using sandbox_detail::account;
using sandbox_detail::documented_operations;
using sandbox_detail::state;
using sandbox_detail::time_point;

sandbox_options checked(sandbox_options options)
{
    using namespace std::chrono_literals;
    if (options.address != "127.0.0.1" && options.address != "::1")
        throw std::invalid_argument("sandbox_options: address must be 127.0.0.1 or ::1");
    if (options.threads < 1 || options.threads > 64)
        throw std::invalid_argument("sandbox_options: threads must be between 1 and 64");
    if (options.max_in_flight < 1 || options.max_in_flight > 1000000)
        throw std::invalid_argument("sandbox_options: max_in_flight must be between 1 and 1,000,000");
    if (options.idle_timeout < 1s || options.idle_timeout > 1h)
        throw std::invalid_argument("sandbox_options: idle_timeout must be between 1 s and 1 h");
    if (options.altcha_max_number < 1 || options.altcha_max_number > 10'000'000)
        throw std::invalid_argument("sandbox_options: altcha_max_number must be between 1 and 10,000,000");
    return options;
}

std::vector<std::string_view> collect_ids(std::size_t first, std::size_t end)
{
    std::vector<std::string_view> ids;
    for (auto const& row : sandbox_detail::operations().subspan(first, end - first))
        ids.push_back(row.id);
    return ids;
}

} // namespace

class sandbox::impl
{
public:
    explicit impl(sandbox_options const& options)
        : engine(options)
        , identity(sandbox_detail::make_tls_identity())
        , ca_pem(options.plain_http ? std::string() : identity.ca_certificate)
        , server(
              engine, identity,
              {options.address, options.port, options.threads, options.idle_timeout, options.plain_http})
        , port(server.port())
        , server_url(options.plain_http ? "http://" : "https://")
    {
        server_url += options.address == "::1" ? "[::1]:" : "localhost:";
        server_url += std::to_string(port);
        engine.with_state([this](state& st, time_point) {
            st.server_url = server_url;
            st.ca_pem = ca_pem;
        });
        server.start();
    }

    sandbox_detail::engine engine;
    sandbox_detail::tls_identity const identity;
    std::string const ca_pem;
    sandbox_detail::https_server server;
    unsigned short const port;
    std::string server_url;
};

sandbox::sandbox(sandbox_options options)
    : impl_(std::make_unique<impl>(checked(std::move(options))))
{}

sandbox::~sandbox() = default;

std::string sandbox::base_url() const
{
    return impl_->server_url + "/v1";
}

unsigned short sandbox::port() const
{
    return impl_->port;
}

std::string sandbox::ca_pem() const
{
    return impl_->ca_pem;
}

std::span<std::string_view const> sandbox::operation_ids()
{
    static auto const ids = collect_ids(0, documented_operations);
    return ids;
}

std::span<std::string_view const> sandbox::newer_operation_ids()
{
    static auto const ids =
        collect_ids(documented_operations, documented_operations + sandbox_detail::newer_operations);
    return ids;
}

std::vector<sandbox_mail> sandbox::outbox(std::string_view address) const
{
    return impl_->engine.with_state([address](state& st, time_point) { return st.mails.mails(address); });
}

std::optional<sandbox_mail> sandbox::last_mail(std::string_view address, std::string_view kind) const
{
    return impl_->engine.with_state([=](state& st, time_point) { return st.mails.last(address, kind); });
}

void sandbox::clear_outbox()
{
    impl_->engine.with_state([](state& st, time_point) { st.mails.clear(); });
}

std::optional<std::string> sandbox::last_sms(std::string_view email) const
{
    return impl_->engine.with_account(email, [](state&, account& who, time_point) { return who.last_sms; });
}

void sandbox::advance_clock(std::chrono::milliseconds by)
{
    if (by.count() < 0)
        throw std::invalid_argument("the clock of a sandbox cannot go back");
    impl_->engine.clock.advance(by);
}

std::chrono::sys_time<std::chrono::milliseconds> sandbox::now() const
{
    return impl_->engine.clock.now();
}

void sandbox::set_client_ip(std::string ip)
{
    impl_->engine.with_state([&ip](state& st, time_point) { st.settings.client_ip = std::move(ip); });
}

void sandbox::set_generation(sandbox_generation generation)
{
    impl_->engine.with_state([=](state& st, time_point) { st.settings.generation = generation; });
}

void sandbox::set_registration_approval(bool on)
{
    impl_->engine.with_state([on](state& st, time_point) { st.settings.registration_approval = on; });
}

void sandbox::set_handoff_return_url(std::string url)
{
    impl_->engine.with_state(
        [&url](state& st, time_point) { st.settings.handoff_return_url = std::move(url); });
}

void sandbox::set_error_ban_threshold(unsigned errors)
{
    impl_->engine.with_state([errors](state& st, time_point) { st.settings.error_ban_threshold = errors; });
}

void sandbox::set_captcha(bool on)
{
    impl_->engine.with_state([on](state& st, time_point) { st.settings.captcha = on; });
}

void sandbox::set_rate_limits(bool on)
{
    impl_->engine.with_state([on](state& st, time_point) {
        st.settings.rate_limits = on;
        st.limits.clear();
    });
}

void sandbox::set_sso(bool on)
{
    impl_->engine.with_state([on](state& st, time_point) { st.settings.sso = on; });
}

void sandbox::set_sso_auto_provision(bool on)
{
    impl_->engine.with_state([on](state& st, time_point) { st.settings.sso_auto_provision = on; });
}

void sandbox::set_ip_authorization(bool on)
{
    impl_->engine.with_state([on](state& st, time_point) { st.settings.ip_authorization = on; });
}

void sandbox::set_sms_service(bool on)
{
    impl_->engine.with_state([on](state& st, time_point) { st.settings.sms_service = on; });
}

void sandbox::ban_ip(std::string ip)
{
    impl_->engine.with_state([&ip](state& st, time_point) { st.banned_ips.insert(std::move(ip)); });
}

void sandbox::unban_ip(std::string_view ip)
{
    impl_->engine.with_state([ip](state& st, time_point) { st.banned_ips.erase(std::string(ip)); });
}

std::string sandbox::create_account(sandbox_account account)
{
    return impl_->engine.create_account(account);
}

std::optional<std::string> sandbox::user_id_of(std::string_view email) const
{
    return impl_->engine.with_state([email](state& st, time_point) {
        auto const* who = st.find_account_by_email(email);
        return who ? std::optional{who->id} : std::nullopt;
    });
}

std::string sandbox::enable_totp(std::string_view email)
{
    return impl_->engine.enable_totp(email);
}

std::string sandbox::totp_code(std::string_view email) const
{
    return impl_->engine.totp_code(email);
}

std::vector<std::string> sandbox::add_backup_codes(std::string_view email)
{
    return impl_->engine.add_backup_codes(email);
}

void sandbox::enable_sms(std::string_view email, std::string phone)
{
    impl_->engine.enable_sms(email, std::move(phone));
}

void sandbox::add_passkey(
    std::string_view email, std::string credential_id, std::span<unsigned char const> public_key,
    std::string user_handle)
{
    impl_->engine.add_passkey(email, std::move(credential_id), public_key, std::move(user_handle));
}

void sandbox::set_suspended(std::string_view email, sandbox_suspension suspension)
{
    impl_->engine.with_account(
        email, [suspension](state&, account& who, time_point) { who.suspension = suspension; });
}

void sandbox::set_bot(std::string_view email, bool on)
{
    impl_->engine.with_account(email, [on](state&, account& who, time_point) { who.bot = on; });
}

void sandbox::set_suspicious(std::string_view email, int flags)
{
    impl_->engine.with_account(
        email, [flags](state&, account& who, time_point) { who.suspicious_flags = flags; });
}

void sandbox::start_email_change(std::string_view email, std::string new_email)
{
    impl_->engine.start_email_change(email, std::move(new_email));
}

std::string sandbox::create_session(std::string_view email)
{
    return impl_->engine.create_session(email);
}

std::string sandbox::create_bot_token(std::string_view email)
{
    return impl_->engine.create_bot_token(email);
}

std::string sandbox::create_oauth_token(std::string_view email)
{
    return impl_->engine.create_oauth_token(email);
}

std::vector<std::string> sandbox::sessions_of(std::string_view email) const
{
    return impl_->engine.sessions_of(email);
}

bool sandbox::is_session(std::string_view token) const
{
    return impl_->engine.with_state(
        [token](state& st, time_point) { return st.find_session(token) != nullptr; });
}

bool sandbox::end_session(std::string_view token)
{
    return impl_->engine.with_state([token](state& st, time_point) { return st.end_session(token); });
}

sandbox_counters sandbox::counters() const
{
    return impl_->engine.counters.read();
}

void sandbox::set_fault(std::string_view operation, sandbox_fault fault)
{
    impl_->engine.set_fault(operation, fault);
}

void sandbox::clear_faults()
{
    impl_->engine.faults.clear();
}

void sandbox::reset()
{
    impl_->engine.with_state([](state& st, time_point) { st.clear(); });
}

} // namespace fluxer::auth
