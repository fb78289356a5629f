#include <fluxer/auth/error.hpp>

#include <boost/throw_exception.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <ostream>
#include <utility>

namespace fluxer::auth {

namespace {

constexpr std::array<std::string_view, 14> phase_names{
    "validation", "rate_limit", "queue",  "resolve", "connect", "proxy",      "tls",
    "send",       "first_byte", "header", "body",    "decode",  "retry_wait", "done",
};

static_assert(phase_names.size() == static_cast<std::size_t>(phase::done) + 1);

error_info no_error_info()
{
    error_info info;
    info.code = errc{};
    return info;
}

template <class Detail>
Detail const* pointer_to(std::optional<Detail> const& detail) noexcept
{
    return detail ? &*detail : nullptr;
}

retry_advice unless_it_ran(error_info const& info) noexcept
{
    return info.request_was_sent && !info.repeatable ? retry_advice::may_have_run : retry_advice::yes;
}

retry_advice when_told(error_info const& info) noexcept
{
    return info.retry_after ? retry_advice::after_wait : retry_advice::yes;
}

// 408, 425 and 429 are what a proxy says that did not pass the request on. 503 may mean that too, but some say it when they
// have lost the server's answer; who names a time to come back has refused the request, as the server itself does.
bool refused_unprocessed(error_info const& info) noexcept
{
    auto const status = info.http_status;
    return status == 408 || status == 425 || status == 429 || (status == 503 && info.retry_after);
}

retry_advice after_failed_server(error_info const& info) noexcept
{
    if (refused_unprocessed(info))
        return when_told(info);
    if (info.http_status != 0 && info.http_status < 500)
        return retry_advice::no;
    auto const advice = unless_it_ran(info);
    return advice == retry_advice::yes ? when_told(info) : advice;
}

} // namespace

std::string_view to_string(phase value) noexcept
{
    auto const index = static_cast<std::size_t>(value);
    return index < phase_names.size() ? phase_names[index] : "unknown";
}

field_error::field_error(std::string path_, std::string code_, std::string message_)
    : path(std::move(path_))
    , code(std::move(code_))
    , message(std::move(message_))
{}

ip_authorization::ip_authorization(
    secret ticket_, std::string email_, std::chrono::seconds resend_available_in_)
    : ticket(std::move(ticket_))
    , email(std::move(email_))
    , resend_available_in(resend_available_in_)
{}

error::error() noexcept
{
    static error_info const none = no_error_info();
    // Without an owner, so that a result which has a value allocates nothing for its error().
    info_ = std::shared_ptr<error_info const>(std::shared_ptr<error_info const>(), &none);
}

error::error(error_info info)
    : info_(std::make_shared<error_info const>(std::move(info)))
{}

boost::system::error_code error::code() const noexcept
{
    return make_error_code(info_->code);
}

field_error const* error::field(std::string_view path) const noexcept
{
    auto const found = std::find_if(
        info_->fields.begin(), info_->fields.end(), [path](auto const& entry) { return entry.path == path; });
    return found != info_->fields.end() ? &*found : nullptr;
}

ip_authorization const* error::ip_authorization() const noexcept
{
    return pointer_to(info_->ip_authorization);
}

sudo_details const* error::sudo() const noexcept
{
    return pointer_to(info_->sudo);
}

captcha_details const* error::captcha() const noexcept
{
    return pointer_to(info_->captcha);
}

rate_limit_details const* error::rate_limit() const noexcept
{
    return pointer_to(info_->rate_limit);
}

retry_advice error::advice() const noexcept
{
    switch (info_->code) {
    case errc::queue_full:
    case errc::cancelled:
    case errc::timed_out:
    case errc::resolve_failed:
    case errc::connect_failed:
    case errc::proxy_failed:
    case errc::tls_failed:
    case errc::connection_lost:
    case errc::protocol_error:
    case errc::header_too_large:
    case errc::body_too_large:
    case errc::unexpected_answer: {
        auto const advice = unless_it_ran(*info_);
        return advice == retry_advice::yes ? when_told(*info_) : advice;
    }
    case errc::rate_limited:
    case errc::resend_cooldown:
        return when_told(*info_);
    case errc::server_error:
    case errc::overloaded:
    case errc::proxy_error:
        return after_failed_server(*info_);
    default:
        return retry_advice::no;
    }
}

std::ostream& operator<<(std::ostream& out, error const& e)
{
    return out << e.to_string();
}

exception::exception(auth::error error)
    : std::runtime_error(error.to_string())
    , error_(error)
{}

void throw_exception_from_error(error const& e, boost::source_location const& location)
{
    boost::throw_with_location(exception(e), location);
}

} // namespace fluxer::auth
