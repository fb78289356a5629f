#ifndef FLUXER_AUTH_TEST_FAULTS_CALLER_HPP
#define FLUXER_AUTH_TEST_FAULTS_CALLER_HPP

#include "actions.hpp"
#include "event_log.hpp"
#include "resolver_script.hpp"
#include "stage.hpp"

#include <fluxer/auth/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth::faults {

/// Calls of one entry of "calls" that are in flight or have ended.
struct running_calls
{
    struct one
    {
        one() = default;

        boost::asio::cancellation_signal cancellation;
        std::chrono::steady_clock::time_point start;
        std::optional<ended_call> ended;
        int completions = 0;
    };

    std::string name;
    call_plan const* plan = nullptr;
    std::list<one> all;
    std::size_t open = 0;
};

/// The client of a script while it runs. One thread.
class caller
{
public:
    caller(std::shared_ptr<signals> hub, stage& server, std::shared_ptr<event_log> events);

    boost::asio::io_context& context() noexcept { return context_; }

    signals& hub() noexcept { return *hub_; }

    stage& server() noexcept { return server_; }

    findings& found() noexcept { return found_; }

    auth::client& client();

    bool has_client() const noexcept { return client_.has_value(); }

    void make_client(client_options options);

    void drop_client() noexcept { client_.reset(); }

    /// Runs "calls" to the end, or until `deadline`.
    void run(std::vector<action> const& actions, std::chrono::steady_clock::time_point deadline);

    /// Runs the context until the condition holds. False: it does not within the limit.
    template <class Condition>
    bool run_until(Condition condition, std::chrono::milliseconds limit)
    {
        for (auto const end = std::chrono::steady_clock::now() + limit; !condition();) {
            if (std::chrono::steady_clock::now() > end)
                return false;
            context_.restart();
            context_.run_one_for(std::chrono::milliseconds(5));
        }
        return true;
    }

    void start(call_plan const& plan);
    bool ended(std::string const& name) const;
    bool all_ended() const;
    boost::asio::awaitable<void> until(std::string name);
    boost::asio::awaitable<void> until_ended(std::vector<std::string> names);
    boost::asio::awaitable<void> pause(std::chrono::milliseconds time);

    /// Cancellations that have not come due never will.
    void forget_cancellations();

    /// What happened to the calls, after run().
    void check_calls(std::vector<std::string> const& secrets);

private:
    boost::asio::awaitable<void> run_actions(std::vector<action> const& actions);
    boost::asio::awaitable<reply> one_call(call_plan const& plan);
    void start_one(running_calls& of);
    void ended_one(running_calls& of, running_calls::one& call, std::exception_ptr thrown, reply got);
    void plan_cancellation(running_calls& of, running_calls::one& call);
    void cancel(running_calls::one& call, cancellation_plan const& how);

    boost::asio::io_context context_{1};
    std::shared_ptr<signals> hub_;
    stage& server_;
    std::shared_ptr<event_log> events_;
    std::optional<auth::client> client_;
    std::list<running_calls> calls_;
    std::vector<std::weak_ptr<boost::asio::steady_timer>> timers_; ///< of cancellations
    findings found_;
    bool done_ = false;
};

} // namespace fluxer::auth::faults

#endif
