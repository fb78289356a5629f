#include "sweep/trial.hpp"

#include <boost/asio/strand.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <sstream>
#include <stdexcept>
#include <utility>

namespace fluxer::auth::test {

namespace {

bool is_cancellation(blow how)
{
    return how == blow::terminal || how == blow::partial || how == blow::total || how == blow::client_cancel;
}

/// What a connection does not survive.
bool uses_connection(phase where)
{
    return where == phase::send || where == phase::first_byte || where == phase::header ||
           where == phase::body;
}

/// Trials that run together begin one after the other, and their awaitables a little later still.
constexpr auto until_all_have_begun = 2s;

} // namespace

std::ostream& operator<<(std::ostream& out, blow value)
{
    constexpr char const* names[] = {"none",          "terminal",    "partial",      "total",
                                     "client_cancel", "whole_limit", "phase_limits", "destruction"};
    return out << names[static_cast<std::size_t>(value)];
}

ending::ending(error const& e)
    : code(e.code())
    , where(e.phase())
    , text(e.to_string())
{}

world::world(client_options options_, caller from_, std::string id_)
    : options(std::move(options_))
    , from(from_)
    , id(std::move(id_))
{
    options.clock = clock;
    options.observer = log;
    // No connection is to end because of its age when the time moves on.
    options.pool.max_age = 24h;
    asio::any_io_executor const plain = context->get_executor();
    if (from == caller::beside_strand)
        used.emplace(asio::make_strand(context->get_executor()), options);
    else
        used.emplace(plain, options);
}

asio::any_io_executor world::callers_executor() const
{
    if (from == caller::elsewhere)
        return others->get_executor();
    return context->get_executor();
}

bool world::run_one(milliseconds wait)
{
    // The contexts take turns, so that a handler of either is one step.
    turn_ = !turn_;
    auto* const first = from == caller::elsewhere && turn_ ? others.get() : context.get();
    auto* const second = from == caller::elsewhere && !turn_ ? others.get() : context.get();
    first->restart();
    if (first->poll_one() > 0)
        return true;
    second->restart();
    if (first != second && second->poll_one() > 0)
        return true;
    context->restart();
    if (context->run_one_for(wait) > 0)
        return true;
    clock->advance(milliseconds(1));
    return false;
}

void world::run_until(std::function<bool()> const& holds)
{
    auto const end = std::chrono::steady_clock::now() + guard;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end)
            throw std::runtime_error("what the sweep waits for does not happen");
        run_one(milliseconds(5));
    }
}

trial::trial(scenario const& what, blow how, std::size_t point, std::string id)
    : what_(what)
    , how_(how)
    , point_(point)
    , world_(options(), what.from, std::move(id))
{
    what_.prepare(world_);
    world_.log->sent = 0;
    closed_before_ = world_.used->stats().connections_closed;
    call_options with;
    with.request_id = world_.id;
    if (how_ == blow::whole_limit)
        with.timeout = swept_limit;
    start_ = std::chrono::steady_clock::now();
    call_.emplace(world_.callers_executor(), what_.begin(world_, std::move(with)));
}

client_options trial::options() const
{
    auto options = what_.options();
    if (how_ == blow::phase_limits) {
        auto& limits = options.limits;
        limits.resolve = limits.connect = limits.proxy = limits.tls = limits.pool_wait = limits.send =
            limits.first_byte = limits.read_idle = limits.attempt = swept_limit;
    }
    return options;
}

bool trial::waits_for_real_limit() const
{
    return struck_ && world_.handlers > 0 && how_ == blow::whole_limit && what_.real_limit &&
           std::chrono::steady_clock::now() < start_ + *what_.real_limit + until_all_have_begun;
}

bool trial::step(milliseconds wait)
{
    if (call_->done() || (struck_ && how_ == blow::destruction))
        return false;
    if (!struck_ && how_ != blow::none && world_.handlers == point_) {
        strike();
        return true;
    }
    if (waits_for_real_limit())
        return true;
    if (!struck_ || unheard_ || how_ == blow::phase_limits)
        what_.accompany(world_);
    // Trials that run together are all made before any of them begins.
    if (world_.handlers == 0)
        start_ = std::chrono::steady_clock::now();
    if (world_.run_one(wait))
        ++world_.handlers;
    return true;
}

void trial::run()
{
    auto const end = std::chrono::steady_clock::now() + guard;
    while (step(milliseconds(5))) {
        if (std::chrono::steady_clock::now() > end)
            throw std::runtime_error(does_not_end());
    }
    fetch();
}

std::string trial::does_not_end() const
{
    std::ostringstream text;
    text << what_.name << " does not end after " << how_ << " after " << point_ << " handlers ("
         << world_.handlers << " have run)";
    return text.str();
}

void trial::strike()
{
    using type = asio::cancellation_type;
    struck_ = true;
    auto const call_has_begun = what_.has_begun
                                    ? what_.has_begun(world_)
                                    : world_.used->stats().calls_in_flight > (world_.occupant ? 1U : 0U);
    // Before it began nobody listens: Asio lets nothing but terminal pass there.
    unheard_ =
        (point_ == 0 && how_ != blow::terminal) ||
        (what_.is_call && !call_has_begun && (how_ == blow::client_cancel || how_ == blow::whole_limit));
    switch (how_) {
    case blow::none:
        break;
    case blow::terminal:
        call_->cancel(type::terminal);
        break;
    case blow::partial:
        call_->cancel(type::partial);
        break;
    case blow::total:
        call_->cancel(type::total);
        break;
    case blow::client_cancel:
        world_.used->cancel();
        break;
    case blow::whole_limit:
        if (what_.real_limit)
            break;
        [[fallthrough]];
    case blow::phase_limits:
        world_.clock->advance(2 * swept_limit);
        break;
    case blow::destruction:
        world_.context.reset();
        break;
    }
}

void trial::fetch()
{
    if (!call_->done() || end_)
        return;
    try {
        end_ = call_->get(*world_.others);
    } catch (boost::system::system_error const& e) {
        // Asio itself refuses to await in a coroutine that was cancelled before it began.
        if (e.code() != asio::error::operation_aborted || point_ > 0)
            throw;
        end_.emplace();
        end_->code = what_.cancelled;
        end_->where = phase::validation;
    }
}

void trial::check(ending const& undisturbed)
{
    if (struck_ && how_ == blow::destruction) {
        check_destroyed();
        return;
    }
    fetch();
    BOOST_REQUIRE(end_.has_value());
    BOOST_TEST_CONTEXT(end_->text)
    {
        check_ending(undisturbed);
        check_client();
        BOOST_TEST(call_->ends() == 1);
    }
}

void trial::check_ending(ending const& undisturbed)
{
    if (how_ == blow::none || !struck_) {
        BOOST_TEST(end_->code == undisturbed.code);
        return;
    }
    if (end_->code == (is_cancellation(how_) ? what_.cancelled : what_.timed_out) &&
        end_->code != undisturbed.code)
        return;
    BOOST_TEST(end_->code == undisturbed.code);
    // What comes after a phase whose limit was over is another story: the call may have been repeated.
    if (!unheard_ && how_ != blow::phase_limits)
        BOOST_TEST(world_.handlers - point_ <= what_.most_handlers_after_a_blow);
}

void trial::check_destroyed()
{
    if (what_.from == caller::elsewhere) {
        // What was on its way back may arrive.
        world_.others->restart();
        world_.others->poll();
        BOOST_TEST(call_->ends() <= 1);
    } else {
        BOOST_TEST(call_->ends() == 0);
    }
    BOOST_TEST(at_rest(*world_.used));
    if (what_.port != 0)
        BOOST_TEST(sockets_to(what_.port) == 0U);
}

void trial::check_client()
{
    auto const closed_by_call = struck_ && end_->code && uses_connection(end_->where) ? 1U : 0U;
    what_.settle(world_);
    world_.run_until([this] { return at_rest(*world_.used); });
    auto const rest = world_.used->stats();
    if (what_.counts_connections) {
        BOOST_TEST(rest.connections_closed == closed_before_ + closed_by_call);
        BOOST_TEST(rest.connections_idle == rest.connections_opened - rest.connections_closed);
    }
    BOOST_TEST(rest.calls_started == rest.calls_succeeded + rest.calls_failed + rest.calls_cancelled);
    if (what_.port != 0)
        BOOST_TEST(sockets_to(what_.port) == rest.connections_idle);
    if (what_.check_next)
        what_.check_next(world_);
    BOOST_TEST(at_rest(*world_.used));
}

} // namespace fluxer::auth::test
