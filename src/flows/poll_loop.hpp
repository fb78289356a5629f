#ifndef FLUXER_AUTH_FLOWS_POLL_LOOP_HPP
#define FLUXER_AUTH_FLOWS_POLL_LOOP_HPP

#include <fluxer/auth/flows.hpp>

#include <memory>
#include <optional>
#include <string>

namespace fluxer::auth::flows_detail {

/// What one look at the server came to.
enum class look_result {
    pending,
    completed,
    ended, ///< the server says that it is over
    denied,
    failed, ///< worth another try later
    hopeless,
};

struct look
{
    look() = default;

    explicit look(look_result what_)
        : what(what_)
    {}

    look_result what = look_result::pending;
    std::optional<auth::session> session;
    std::optional<auth::error> error;
};

/// Something that is polled until it ends.
class poll_target
{
public:
    virtual ~poll_target() = default;

    virtual boost::asio::awaitable<look> look_once(client& client, call_options options) = 0;

    /// What it means that the server says it is over; nothing: look once more before believing it.
    virtual std::optional<wait_status> judge_end() = 0;

    /// What it means that it has ended by the clock.
    virtual wait_status judge_expiry() const { return wait_status::expired; }

    virtual std::chrono::steady_clock::time_point expiry() const = 0;

    /// When to look the last time, and to believe that it has ended if that says nothing.
    virtual std::chrono::steady_clock::time_point last_look() const { return expiry(); }

    /// How long what a lost answer may have held can be read again; zero: not at all, so that no look may begin whose
    /// answer is not waited for.
    virtual milliseconds reread_window() const { return {}; }

    /// The wait has ended, in this way.
    virtual void ended(client const&, wait_status, boost::asio::any_io_executor const&) {}
};

/// A page that says 404, where the API was a moment ago: somebody is at work there.
bool is_page_404(error const& failure);

/// Whether another try may work where this one failed, and as which kind of failure.
look look_of(error const& failure);

/// The loop behind all waits.
boost::asio::awaitable<wait_outcome> poll(
    client client, std::unique_ptr<poll_target> target, poll_options options);

/// What is out of its range, for people; empty: nothing.
std::string problem_of(poll_options const& options);

} // namespace fluxer::auth::flows_detail

#endif
