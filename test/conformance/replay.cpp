#include "replay.hpp"

#include "expression.hpp"
#include "outgoing.hpp"

#include <type_traits>
#include <utility>

namespace fluxer::auth::conformance {

namespace {

class replaying
{
public:
    replaying(recording const& recorded, stage& server, clients& callers)
        : recorded_(recorded)
        , server_(server)
        , callers_(callers)
    {}

    verdict run() &&
    {
        auto const* row = find_operation(recorded_.operation);
        if (row == nullptr)
            row = find_operation(recorded_.request);
        if (!recorded_.response.lost.empty())
            verdict_.skipped = recorded_.response.lost;
        else if (row == nullptr)
            send_as_it_is("none of the 28 operations");
        else
            run_operation(*row);
        return std::move(verdict_);
    }

private:
    void run_operation(catalogue_row const& row)
    {
        auto const headers = header_problem(recorded_.request);
        auto const expressed = express(row, recorded_.request);
        if (!expressed.call)
            send_both(row, expressed.reason);
        else if (!call_typed(row, expressed.call, recorded_.request, false))
            send_both(row, "the library refuses the request before it is sent");
        if (!headers.empty())
            verdict_.skipped = headers + " (the answer was compared)";
    }

    void send_both(catalogue_row const& row, std::string const& reason)
    {
        send_as_it_is(reason);
        auto const substitute = substitute_of(row);
        auto const expressed = express(row, substitute);
        if (!call_typed(row, expressed.call, substitute, true))
            verdict_.found.add("the library refuses a substitute request");
    }

    void send_as_it_is(std::string const& reason)
    {
        verdict_.notes.push_back("sent as it is: " + reason);
        if (!recorded_.request.lost.empty()) {
            verdict_.skipped = recorded_.request.lost + " (the answer was compared)";
            return;
        }
        observation seen;
        seen.request = recorded_.request;
        auto const request = raw_of(recorded_.request);
        seen.raw = perform(recorded_.request, seen, [&](client& library) {
            return callers_.runner().run(library.send(request));
        });
        if (is_refusal(*seen.raw)) {
            verdict_.skipped = "no client of this library sends it: " + seen.raw->error().to_string();
            return;
        }
        keep(std::move(seen));
    }

    /// False: the library refused it before it was sent, and with reason.
    bool call_typed(
        catalogue_row const& row, typed_call const& call, recorded_request const& request, bool is_substitute)
    {
        observation seen;
        seen.row = &row;
        seen.request = request;
        seen.is_substitute = is_substitute;
        auto const options = options_of(request);
        seen.typed = perform(
            request, seen, [&](client& library) { return callers_.runner().run(call(library, options)); });
        if (is_refusal(*seen.typed)) {
            verdict_.found.take("local validation", check_refusal(recorded_.response, seen.typed->error()));
            return false;
        }
        keep(std::move(seen));
        return true;
    }

    template <class T>
    static bool is_refusal(result<T> const& got)
    {
        return got.has_error() && got.error().code() == errc::invalid_request;
    }

    void keep(observation seen)
    {
        verdict_.found.take(
            seen.row == nullptr  ? "raw"
            : seen.is_substitute ? "substitute"
                                 : "typed",
            compare(seen, recorded_.response));
        verdict_.seen.push_back(std::move(seen));
    }

    /// Makes one call and watches what arrives and what becomes of the connection.
    template <class Call>
    std::invoke_result_t<Call const&, client&> perform(
        recorded_request const& request, observation& seen, Call const& call)
    {
        auto& who = callers_.of(request);
        auto const answer = stage_answer(recorded_.response, request.method);
        seen.sent_headers = answer.headers;
        server_.set(answer);
        auto const connections = server_.connections();
        auto got = call(who.library);
        callers_.runner().settle();
        auto const arrived = server_.arrived();
        if (is_refusal(got))
            return got;
        if (arrived.size() == 1)
            seen.arrived = arrived.front();
        else
            verdict_.found.add(std::to_string(arrived.size()) + " requests arrived instead of one");
        watch_connection(who, server_.connections() - connections, answer.closes);
        return got;
    }

    void watch_connection(caller& who, std::size_t opened, bool closes)
    {
        verdict_.found.expect(opened == (who.idle == 0 ? 1U : 0U), "number of connections opened");
        who.idle = closes ? 0 : 1;
        auto const idle = who.library.stats().connections_idle;
        verdict_.found.expect(idle == who.idle, "number of connections ready afterwards");
        who.idle = idle;
    }

    recording const& recorded_;
    stage& server_;
    clients& callers_;
    verdict verdict_;
};

} // namespace

findings compare(observation const& seen, recorded_response const& response)
{
    bool const typed = seen.row != nullptr;
    auto found = check_request(
        seen.request, seen.arrived, typed ? body_comparison::as_json : body_comparison::as_bytes);
    if (typed)
        found.take("answer", check_outcome(*seen.row, response, *seen.typed));
    else if (seen.raw->has_value())
        found.take("answer", check_raw(response, seen.sent_headers, **seen.raw));
    else
        found.add("the library reports an error: " + seen.raw->error().code().message());
    return found;
}

verdict replay(recording const& recorded, stage& server, clients& callers)
{
    return replaying(recorded, server, callers).run();
}

} // namespace fluxer::auth::conformance
