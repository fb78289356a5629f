#include <fluxer/auth/discovery.hpp>

#include "client/client_handle.hpp"
#include "core/discovery.hpp"
#include "flows/failure.hpp"
#include "wire/discovery.hpp"
#include "wire/endpoint.hpp"

#include <fluxer/auth/client.hpp>

#include <optional>
#include <utility>

namespace fluxer::auth {

namespace {

namespace asio = boost::asio;
using kind = wire::discovery_answer::kind;

std::string_view own_name() noexcept
{
    return wire::endpoint_of(wire::helper::discovery).function;
}

error bad_host(std::string why)
{
    error_info info;
    info.code = errc::invalid_request;
    info.helper = own_name();
    info.fields.emplace_back("host", "INVALID_FORMAT", std::move(why));
    return error(std::move(info));
}

result<client> make_client(asio::any_io_executor executor, client_options options)
{
    try {
        return client(std::move(executor), std::move(options));
    } catch (exception const& bad_option) {
        return bad_option.error();
    }
}

/// What is known of the call beside what its answer was understood as.
void complete(error_info& info, call::outcome const& answered)
{
    auto known = answered.describe();
    info.helper = own_name();
    info.phase = phase::decode;
    info.attempts = known.attempts;
    info.elapsed = known.elapsed;
    info.request_was_sent = known.request_was_sent;
    info.answer_began = known.answer_began;
    info.repeatable = known.repeatable;
    info.remote_endpoint = std::move(known.remote_endpoint);
}

} // namespace

discovery_options::discovery_options(client_options client_)
    : client(std::move(client_))
{}

asio::awaitable<result<instance>> discover(
    asio::any_io_executor executor, std::string host_or_url, discovery_options options)
{
    std::string problem;
    auto const places =
        core::find_discovery_places(host_or_url, problem, core::allowed_if(options.client.allow_plain_http));
    if (!places)
        co_return bad_host(std::move(problem));
    options.client.base_url = places->base_url;
    auto made = make_client(std::move(executor), std::move(options.client));
    if (!made)
        co_return made.error();
    auto& asking = *made;
    error_info nowhere;
    for (auto const& target : places->targets) {
        auto call = client_detail::run_raw_call(
            client_detail::client_access::engine_of(asking), raw_request("GET", target).as_repeatable(),
            options.call);
        auto const answered = co_await std::move(call);
        if (answered.error)
            co_return flows::of_helper(*answered.error, own_name());
        wire::own_secrets const none;
        wire::own_secrets const& hidden = answered.hidden ? *answered.hidden : none;
        auto seen = wire::read_discovery(answered.answer, hidden, places->is_plain);
        if (seen.what == kind::found)
            co_return std::move(seen.instance);
        complete(seen.why, answered);
        seen.why.message.insert(0, target + ": ");
        if (seen.what == kind::refused)
            co_return error(std::move(seen.why));
        if (!nowhere.message.empty())
            seen.why.message = nowhere.message + "; " + seen.why.message;
        nowhere = std::move(seen.why);
    }
    // The last place's status says nothing about the others.
    nowhere.http_status = places->targets.size() == 1 ? nowhere.http_status : 0;
    co_return error(std::move(nowhere));
}

} // namespace fluxer::auth
