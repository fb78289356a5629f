#include "allocations/trial.hpp"

#include "allocations/failing_new.hpp"

#include <fluxer/auth/observer.hpp>

#include <boost/asio/strand.hpp>

#include <map>
#include <new>
#include <stdexcept>
#include <utility>

namespace fluxer::auth::test {

namespace {

/// What is lost without a word is waited for until then.
constexpr auto pool_wait = 20s;

findings fail_one(scripted_server const& server, setting const& with, std::size_t count, work const& of)
{
    trial now(server, with);
    auto found = now.run_with_failure(count, of);
    now.check_works_on(found);
    now.check_shuts_down(found);
    return found;
}

} // namespace

scripted_server::script serve(std::function<spoken(std::string_view request)> answer)
{
    return [answer = std::move(answer)](peer& with) {
        if (!with.handshake())
            return;
        for (auto request = with.read_request(); !request.empty(); request = with.read_request()) {
            if (request.find(silent_target) != std::string::npos) {
                with.wait_for_close();
                continue;
            }
            auto const [status, body] = answer(request);
            with.respond(status, body);
        }
    };
}

scripted_server::script serve_sessions()
{
    return serve([](std::string_view) { return spoken(200, R"({"token":"flx_made_up","user_id":"17"})"); });
}

/// Whether each start has its end.
class trial::pairs : public observer
{
public:
    void on_event(event const& what) override
    {
        spared_allocations const mine;
        auto const name = to_string(what.kind);
        auto const kind = name.substr(0, name.rfind('_'));
        auto const whose = what.call != 0 ? what.call : what.connection;
        auto& open = open_
            [std::string(kind) + " of " + (what.call != 0 ? "call " : "connection ") + std::to_string(whose)];
        if (name.ends_with("_start"))
            ++open;
        else if (name.ends_with("_end"))
            --open;
    }

    /// Those that have another number of ends than of starts.
    std::string odd_ones() const
    {
        std::string found;
        for (auto const& [name, open] : open_) {
            if (open != 0)
                found += name + "; ";
        }
        return found;
    }

private:
    std::map<std::string, int> open_;
};

trial::trial(scripted_server const& server, setting const& with)
    : seen_(std::make_shared<pairs>())
{
    // Without a lookup's thread, which could post to a strand while it runs: a strand of Asio 1.26 that has more to
    // do at its end allocates in a destructor, which is std::terminate if there is no memory.
    auto made = patient_options(with.stranded ? server.base_url("127.0.0.1") : server.base_url());
    made.limits.pool_wait = pool_wait;
    // So that a place that is lost is missed.
    made.pool.max_connections = 1;
    made.pool.max_waiting = 1;
    made.observer = seen_;
    if (with.governed) {
        made.rate.mode = rate_mode::wait;
        made.resolver = [](std::string const&) { return std::vector<std::string>{"127.0.0.2", "127.0.0.1"}; };
    }
    asio::any_io_executor executor = context_.get_executor();
    if (with.stranded)
        executor = asio::make_strand(context_);
    used_.emplace(executor, std::move(made));
    if (with.warm && !run(context_, used_->warm_up(1)))
        throw std::runtime_error("cannot warm up");
}

findings trial::run_with_failure(std::size_t count, work const& of)
{
    findings found;
    auto begun = of(*used_);
    auto const start = std::chrono::steady_clock::now();
    fail_allocation(count);
    try {
        asio::co_spawn(context_, std::move(begun), [this](std::exception_ptr refused) {
            ++ends_;
            refused_ = refused != nullptr;
        });
        drain();
    } catch (std::bad_alloc const&) {
        // Asio could not begin a wait: it destroys the coroutine that wanted it and throws out of run().
        thrown_ = true;
    }
    found.failed = stop_failing();
    drain();
    found.expect(ends_ <= 1, "ended twice");
    found.expect(std::chrono::steady_clock::now() - start < pool_wait, "was lost without a word");
    found.expect(ends_ == 1 || thrown_, "neither ended nor destroyed by an exception");
    found.expect(found.failed || !refused_, "fails though no allocation did");
    return found;
}

void trial::check_works_on(findings& found)
{
    settle();
    found.expect(at_rest(*used_), "not at rest after it");
    auto const next = run(context_, used_->login_user(login_request("me@example.com", "correct horse")));
    found.expect(
        next.has_value(), "the next call fails: " + (next ? std::string() : next.error().to_string()));
    // A deadline that nothing else comes before.
    auto const late =
        run(context_,
            used_->send(raw_request("GET", std::string(silent_target)), call_options().with_timeout(25ms)));
    found.expect(late.has_error() && late.error().code() == errc::timed_out, "the next call's limit is lost");
    settle();
    found.expect(at_rest(*used_), "not at rest after the next calls");
}

void trial::check_shuts_down(findings& found)
{
    run(context_, used_->shutdown(0ms));
    found.expect(seen_->odd_ones().empty(), "without its counterpart: " + seen_->odd_ones());
    found.expect(used_->stats().connections_idle == 0, "idle connections after the end");
}

findings trial::end_with_failure(std::size_t count)
{
    findings found;
    fail_allocation(count);
    used_.reset();
    found.failed = stop_failing();
    context_.restart();
    context_.run_for(10ms);
    return found;
}

void trial::drain()
{
    auto const end = std::chrono::steady_clock::now() + guard;
    while (ends_ == 0 && std::chrono::steady_clock::now() < end) {
        context_.restart();
        context_.run_one_for(20ms);
        if (thrown_ && at_rest(*used_))
            break;
    }
}

void trial::settle()
{
    auto const end = std::chrono::steady_clock::now() + guard;
    while (!at_rest(*used_) && std::chrono::steady_clock::now() < end) {
        context_.restart();
        context_.run_one_for(5ms);
    }
}

void fail_each_allocation_of(work const& of, setting const& with)
{
    fail_each_allocation(with.serves, [&](scripted_server const& server, std::size_t count) {
        return fail_one(server, with, count, of);
    });
}

} // namespace fluxer::auth::test
