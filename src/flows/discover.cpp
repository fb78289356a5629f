#include <fluxer/auth/discovery.hpp>

#include "core/discovery.hpp"
#include "wire/discovery.hpp"

#include <fluxer/auth/client.hpp>

#include <optional>
#include <utility>

namespace fluxer::auth {

namespace {

namespace asio = boost::asio;
using kind = wire::discovery_answer::kind;

error bad_host(std::string why)
{
    error_info info;
    info.code = errc::invalid_request;
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

wire::discovery_answer read(raw_response const& from, bool came_plain)
{
    wire::answer answer;
    answer.status = from.status;
    for (auto const& field : from.headers)
        answer.headers.add(field.name, field.value);
    answer.body.append(from.body.reveal());
    return wire::read_discovery(answer, came_plain);
}

void complete(error_info& info)
{
    info.phase = phase::decode;
    info.attempts = 1;
    info.request_was_sent = true;
    info.answer_began = true;
    info.repeatable = true;
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
        auto const answer = co_await asking.send(raw_request("GET", target).as_repeatable(), options.call);
        if (!answer)
            co_return answer.error();
        auto seen = read(*answer, places->is_plain);
        if (seen.what == kind::found)
            co_return std::move(seen.instance);
        complete(seen.why);
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
