#include "limits/stuck.hpp"

#include <fluxer/auth/observer.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <ostream>

namespace fluxer::auth::test {

std::ostream& operator<<(std::ostream& out, place value)
{
    constexpr char const* names[] = {"resolve", "connect",     "tls",  "send",      "first_byte",
                                     "header",  "header_drip", "body", "body_drip", "queue"};
    return out << names[static_cast<std::size_t>(value)];
}

phase phase_of(place value)
{
    switch (value) {
    case place::resolve:
        return phase::resolve;
    case place::connect:
        return phase::connect;
    case place::tls:
        return phase::tls;
    case place::send:
        return phase::send;
    case place::first_byte:
        return phase::first_byte;
    case place::header:
    case place::header_drip:
        return phase::header;
    case place::body:
    case place::body_drip:
        return phase::body;
    case place::queue:
        return phase::queue;
    }
    return phase::done;
}

/// Where the first lookup blocks. Kept alive by its thread, which nobody joins.
struct stuck::gate
{
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    std::atomic<unsigned> lookups{0};

    void wait()
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return open; });
    }
};

/// The last event before the call gets stuck.
class stuck::milestone final : public observer
{
public:
    explicit milestone(place where)
        : awaited_(event_before(where))
    {}

    void on_event(event const& what) override { passed = passed || what.kind == awaited_; }

    bool passed = false;

private:
    static event_kind event_before(place where)
    {
        switch (where) {
        case place::resolve:
            return event_kind::resolve_start;
        case place::connect:
            return event_kind::connect_start;
        case place::tls:
            return event_kind::handshake_start;
        case place::send:
            return event_kind::attempt_start;
        case place::first_byte:
            return event_kind::request_sent;
        case place::queue:
            return event_kind::queue_start;
        default:
            return event_kind::first_byte;
        }
    }

    event_kind awaited_;
};

stuck::stuck(place where)
    : where_(where)
    , gate_(std::make_shared<gate>())
    , milestone_(std::make_shared<milestone>(where))
{
    server_ =
        std::make_unique<scripted_server>(test_authority().issue(), [this](peer& with) { serve(with); });
    if (where_ == place::connect)
        hole_ = std::make_unique<black_hole>(server_->port());
}

stuck::~stuck()
{
    std::lock_guard const lock(gate_->mutex);
    gate_->open = true;
    gate_->changed.notify_all();
}

client_options stuck::options() const
{
    auto options = patient_options(*server_);
    options.observer = milestone_;
    options.resolver = [where = where_, gate = gate_](std::string const&) -> std::vector<std::string> {
        auto const first = gate->lookups++ == 0;
        if (first && where == place::resolve)
            gate->wait();
        if (first && where == place::connect)
            return {black_hole::address};
        return {"127.0.0.1"};
    };
    if (where_ == place::queue)
        options.pool.max_connections = 1;
    return options;
}

raw_request stuck::request() const
{
    raw_request request("POST", "/auth/stuck");
    // More than the buffers of a connection take in.
    if (where_ == place::send)
        request.body = secret(std::string(12 * 1024 * 1024, 'x'));
    return request;
}

pending<result<raw_response>> stuck::start(asio::io_context& context, client& with, call_options what)
{
    if (where_ == place::queue) {
        occupant_.emplace(context, with.send(request()));
        run_until(context, [&] { return server_->requests() == 1; });
    }
    return {context, with.send(request(), std::move(what))};
}

void stuck::run_until_there(asio::io_context& context, client const& used) const
{
    run_until(context, [&] {
        return milestone_->passed && (where_ != place::queue || used.stats().calls_waiting == 1);
    });
    // From the event to the wait behind it: what the event is about came in one piece.
    context.restart();
    context.poll();
}

void stuck::clear(asio::io_context& context)
{
    if (!occupant_)
        return;
    occupant_->cancel(asio::cancellation_type::terminal);
    static_cast<void>(occupant_->get(context));
    occupant_.reset();
}

void stuck::serve(peer& with)
{
    if (with.index() == 0 && where_ != place::resolve && where_ != place::connect) {
        get_stuck(with);
        return;
    }
    if (!with.handshake())
        return;
    while (!with.read_request().empty())
        with.send("HTTP/1.1 204 No Content\r\n\r\n");
}

void stuck::get_stuck(peer& with) const
{
    if (where_ == place::tls) {
        with.wait_for_close();
        return;
    }
    if (!with.handshake())
        return;
    if (where_ == place::send) {
        with.stall();
        return;
    }
    static_cast<void>(with.read_request());
    if (where_ == place::header)
        with.send("HTTP/1.1 200 OK\r\nX-Te");
    if (where_ == place::body)
        with.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
    if (where_ == place::header_drip) {
        with.send("HTTP/1.1 200 OK\r\nX-Test: ");
        while (!with.wait_for_close(5ms) && with.send("x")) {}
    }
    if (where_ == place::body_drip) {
        with.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while (!with.wait_for_close(5ms) && with.send("x")) {}
    }
    with.wait_for_close();
}

} // namespace fluxer::auth::test
