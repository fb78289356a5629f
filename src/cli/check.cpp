#include "cli/check.hpp"

#include "cli/format.hpp"
#include "cli/shielded.hpp"

#include <fluxer/auth/observer.hpp>

#include <boost/asio/this_coro.hpp>

#include <memory>
#include <string>
#include <utility>

namespace fluxer::auth::cli {

namespace asio = boost::asio;

namespace {

/// Prints the parts of the first connection's making, and tells another observer too.
class connection_reporter final : public observer
{
public:
    connection_reporter(report& out, std::shared_ptr<observer> next)
        : out_(out)
        , next_(std::move(next))
    {}

    void on_event(event const& what) override
    {
        if (!what.code && what.connection == 1)
            show(what);
        if (next_)
            next_->on_event(what);
    }

private:
    void show(event const& what)
    {
        if (what.kind == event_kind::resolve_end)
            out_.ok("the host name has an address", what.duration);
        else if (what.kind == event_kind::connect_end)
            out_.ok("connected to " + printable(what.detail), what.duration);
        else if (what.kind == event_kind::handshake_end)
            out_.ok("TLS handshake, the certificate is trusted and for this host", what.duration);
    }

    report& out_;
    std::shared_ptr<observer> next_;
};

/// What a person may have done wrong, where the error alone does not tell.
std::string_view hint(error const& why)
{
    if (why.code() == errc::not_found || why.code() == errc::unexpected_answer)
        return "is the base URL right? it usually ends in /v1, on self-hosted servers in /api/v1";
    if (why.code() == errc::tls_untrusted)
        return "for a server with a CA of its own give that CA's certificate: --ca FILE";
    if (why.code() == errc::forbidden)
        return "a server that is reached without its reverse proxy wants --forwarded-for IP";
    return {};
}

class checker
{
public:
    checker(client server, report& out)
        : server_(std::move(server))
        , out_(out)
    {}

    /// The first call, which also shows whether there is a way to the server.
    /// @param connected set to whether the server answered at all
    asio::awaitable<bool> sso(bool& connected)
    {
        out_.heading("Connection");
        auto const answer = co_await server_.get_sso_status();
        connected = answer || answer.error().http_status() != 0;
        if (connected)
            out_.heading("Single sign-on");
        if (!answer) {
            complain(answer.error());
            co_return false;
        }
        out_.ok(answer->enforced ? "on, and the only way to log in" : answer->enabled ? "on" : "off");
        if (answer->enabled)
            out_.note(
                "provider: " + printable(answer->display_name.value_or("(no name)")) + ", redirects to " +
                printable(answer->redirect_uri));
        co_return true;
    }

    /// Initiates a handoff, looks at it, cancels it, looks again.
    asio::awaitable<bool> handoff_round_trip()
    {
        out_.heading("Handoff");
        auto const initiated = co_await server_.initiate_handoff();
        if (!initiated) {
            complain(initiated.error());
            co_return false;
        }
        out_.ok("initiated");
        // From here on nothing may keep it from being cancelled, neither a failure nor Ctrl-C.
        co_await asio::this_coro::throw_if_cancelled(false);
        auto const before = co_await server_.get_handoff_status(*initiated);
        auto const ended = co_await shielded(server_.cancel_handoff(*initiated));
        auto const after = co_await shielded(server_.get_handoff_status(*initiated));
        co_await asio::this_coro::throw_if_cancelled(true);

        bool const was_pending = expect_state(before, handoff_state::pending, "its status");
        if (!ended)
            complain(ended.error());
        bool const is_gone = expect_state(after, handoff_state::expired, "cancelled, its status");
        co_return was_pending&& ended&& is_gone;
    }

private:
    bool expect_state(result<handoff_status> const& found, handoff_state wanted, std::string const& what)
    {
        if (!found) {
            complain(found.error());
            return false;
        }
        auto const line = what + " is \"" + printable(found->status) + "\"";
        if (found->state == wanted)
            out_.ok(line);
        else
            out_.failed(line);
        return found->state == wanted;
    }

    void complain(error const& why)
    {
        out_.failed(why.to_string());
        if (auto const more = hint(why); !more.empty())
            out_.note(more);
    }

    client server_;
    report& out_;
};

} // namespace

asio::awaitable<void> check_server(client_options options, report& out, bool& healthy)
{
    healthy = false;
    out.heading("Checking " + printable(options.base_url));
    options.observer = std::make_shared<connection_reporter>(out, options.observer);
    client server(co_await asio::this_coro::executor, std::move(options));
    checker check(server, out);
    bool connected = false;
    bool const sso_answered = co_await check.sso(connected);
    if (!connected)
        co_return;
    bool const handoff_worked = co_await check.handoff_round_trip();
    healthy = sso_answered && handoff_worked;
    out.heading("Result");
    if (healthy)
        out.ok("the server answers as a Fluxer server does; nothing was left behind");
    else
        out.failed("see above");
}

} // namespace fluxer::auth::cli
