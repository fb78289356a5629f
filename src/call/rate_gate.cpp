#include "call/rate_gate.hpp"

#include "core/http_syntax.hpp"
#include "core/retry_after.hpp"
#include "core/text.hpp"
#include "wire/endpoint.hpp"

#include <fluxer/auth/helpers.hpp>

#include <atomic>
#include <charconv>
#include <utility>
#include <vector>

namespace fluxer::auth::call {

namespace {

/// Contract 10.4.
constexpr unsigned global_limit = 50;
constexpr milliseconds global_window{1'000};

std::shared_ptr<rate_governor> governor_of(client_options const& options)
{
    if (options.rate.governor)
        return options.rate.governor;
    // Another clock's time means nothing to the other clients of this process.
    if (options.clock)
        return std::make_shared<local_rate_governor>(options.clock);
    return shared_rate_governor(options.base_url);
}

/// The address by which the server counts, where the reverse proxy is told it (contract 2.1).
std::string forwarded_for(std::vector<header> const& headers)
{
    for (auto const& field : headers) {
        if (core::equal_ignoring_case(field.name, "X-Forwarded-For"))
            return field.value.substr(0, field.value.find(','));
    }
    return {};
}

std::uint64_t next_ticket()
{
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

std::string session_subject(secret const& token)
{
    return "session:" + session_id_hash(token);
}

/// A digest: what is counted is kept, exported and shared.
std::string email_subject(std::string_view email)
{
    return "email:" + session_id_hash(secret(core::lower_case(email)));
}

rate_limit_key key(
    rate_scope scope, std::string_view bucket, std::string const& subject, unsigned limit,
    milliseconds window)
{
    rate_limit_key made;
    made.scope = scope;
    made.bucket = bucket;
    made.subject = subject;
    made.limit = limit;
    made.window = window;
    return made;
}

rate_limit_key bucket_key(wire::rate_bucket const& bucket, std::string const& subject)
{
    return key(rate_scope::bucket, bucket.name, subject, bucket.limit, bucket.window);
}

std::optional<unsigned> count_in(std::string_view text) noexcept
{
    unsigned value = 0;
    auto const* const end = text.data() + text.size();
    auto const [rest, problem] = std::from_chars(text.data(), end, value);
    return problem == std::errc() && rest == end && !text.empty() ? std::optional(value) : std::nullopt;
}

std::optional<milliseconds> seconds_in(std::string_view text) noexcept
{
    auto const seconds = core::parse_decimal(text);
    return seconds ? std::optional(core::wait_of_seconds(*seconds)) : std::nullopt;
}

/// Newer servers may leave out any of the fields (contract 10.2).
bool announces_limits(wire::answer const& answer)
{
    static constexpr std::string_view prefix = "X-RateLimit-";
    bool found = false;
    answer.headers.for_each([&found](std::string_view name, std::string_view) {
        found = found || core::equal_ignoring_case(name.substr(0, prefix.size()), prefix);
    });
    return found;
}

rate_answer read(wire::answer const& from, error_info const* refusal, milliseconds age)
{
    rate_answer read;
    read.status = from.status;
    read.announces_limits = announces_limits(from);
    read.limit = count_in(from.headers.find("X-RateLimit-Limit"));
    read.remaining = count_in(from.headers.find("X-RateLimit-Remaining"));
    read.reset_after = seconds_in(from.headers.find("X-RateLimit-Reset-After"));
    read.age = age;
    if (from.status == 429 && refusal != nullptr) {
        read.retry_after = refusal->retry_after;
        read.global = refusal->rate_limit && refusal->rate_limit->global;
    }
    return read;
}

/// Those of contract 9.2 are about one ticket's mails, not about requests.
bool is_about_requests(error_info const* refusal)
{
    return refusal != nullptr && refusal->code == errc::rate_limited;
}

/// The server asks for those before it counts (contract 4: the order of checks).
bool was_refused_uncounted(error_info const* refusal)
{
    if (refusal == nullptr || (refusal->http_status != 400 && refusal->http_status != 403))
        return false;
    auto const code = refusal->code;
    return code == errc::captcha_required || code == errc::captcha_invalid || code == errc::captcha_expired ||
           code == errc::sso_required;
}

} // namespace

rate_gate::rate_gate(client_options const& options)
    : mode_(options.rate.mode)
    , governor_(governor_of(options))
    , address_(forwarded_for(options.headers))
{}

rate_permit rate_gate::permit_for(wire::request const& request, call_options const& options) const
{
    if (mode(options) == rate_mode::off || !governor_->concerns(request.operation, request.token.has_value()))
        return {};
    return {governor_, describe(request, options)};
}

rate_request rate_gate::describe(wire::request const& request, call_options const& options) const
{
    auto stated = forwarded_for(options.headers);
    auto const address = "address:" + (stated.empty() ? address_ : stated);
    auto const caller = request.token ? session_subject(*request.token) : address;

    rate_request made;
    made.ticket = next_ticket();
    made.operation = request.operation;
    made.keys.push_back(key(rate_scope::global, "global", caller, global_limit, global_window));
    if (request.operation == operation::raw) {
        if (auto const* const known = wire::bucket_of(request.method, request.target.view()))
            made.keys.push_back(bucket_key(*known, caller));
        return made;
    }
    auto const& row = wire::endpoint_of(request.operation);
    made.keys.push_back(bucket_key(row.bucket, caller));
    for (auto const& inner : row.inner) {
        using per = wire::inner_limit::per;
        if (inner.limit == 0 || (inner.counts == per::email && request.email.empty()))
            continue;
        auto const subject = inner.counts == per::email     ? email_subject(request.email.view())
                             : inner.counts == per::address ? address
                                                            : caller;
        made.keys.push_back(key(rate_scope::inner, inner.name, subject, inner.limit, inner.window));
    }
    return made;
}

void rate_gate::learn(
    rate_permit& permit, wire::request const& request, call_options const& options,
    wire::answer const& answer, error_info const* refusal, milliseconds age) const
{
    if (mode(options) == rate_mode::off)
        return;
    bool const unasked = permit.request().keys.empty();
    auto const refused = answer.status == 429;
    bool const tells = refused ? is_about_requests(refusal) : announces_limits(answer);
    // It left before the governor knew of any limits: to be counted afterwards, whatever its answer says.
    auto const counts_now = [&] {
        return !refused && governor_->concerns(request.operation, request.token.has_value());
    };
    if (unasked && !tells && !counts_now())
        return;
    try {
        auto said = refused && !tells ? rate_answer() : read(answer, refusal, age);
        said.counted = unasked || !was_refused_uncounted(refusal);
        if (unasked)
            governor_->learn(describe(request, options), said);
        else
            permit.over(said);
    } catch (...) { // NOLINT(bugprone-empty-catch): a count may be lost, but no answer
    }
}

void rate_gate::introduce(operation by, bool learned, session const& made) const
{
    // Where not even that operation's requests are counted, who a session belongs to changes nothing: the first answer
    // that tells of a limit comes before the first session, if it is looked at.
    if (mode_ == rate_mode::off || (learned && !governor_->concerns(by, false)))
        return;
    try {
        introduce(made);
    } catch (...) { // NOLINT(bugprone-empty-catch): the session that was just made must not be lost by it
    }
}

void rate_gate::introduce(session const& kept) const
{
    // Governors keep both for long, and a server could fill the memory with what is no id.
    if (!kept.token.empty() && kept.user_id.number())
        governor_->introduce(session_subject(kept.token), kept.user_id.str());
}

} // namespace fluxer::auth::call
