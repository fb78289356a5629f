#include "call/outcome.hpp"

#include "wire/codec.hpp"

namespace fluxer::auth::call {

error_info outcome::describe() const
{
    error_info info;
    info.operation = call.operation;
    info.phase = phase::done;
    info.http_status = answer.status;
    if (!call.echoes_secret)
        info.request_id = wire::shown_request_id(answer.headers.find("X-Request-ID"));
    info.attempts = call.attempts;
    info.elapsed = call.elapsed;
    info.request_was_sent = true;
    info.answer_began = true;
    info.repeatable = call.repeatable;
    if (call.remote)
        info.remote_endpoint = *call.remote;
    return info;
}

auth::error outcome::unreadable(std::string problem) const
{
    auto info = describe();
    info.code = errc::unexpected_answer;
    info.phase = phase::decode;
    info.message = std::move(problem);
    return auth::error(std::move(info));
}

} // namespace fluxer::auth::call
