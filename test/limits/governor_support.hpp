#ifndef FLUXER_AUTH_TEST_LIMITS_GOVERNOR_SUPPORT_HPP
#define FLUXER_AUTH_TEST_LIMITS_GOVERNOR_SUPPORT_HPP

#include "limits/support.hpp"

#include <boost/test/unit_test.hpp>

#include <fluxer/auth/clock.hpp>
#include <fluxer/auth/observer.hpp>
#include <fluxer/auth/rate.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace fluxer::auth::test {

/// Counts as the server does (contract 10.1, 10.4): 50 at once, then one per 20 ms.
class strict_server
{
public:
    explicit strict_server(std::shared_ptr<manual_clock> clock)
        : clock_(std::move(clock))
    {}

    int answer()
    {
        auto const now = clock_->now();
        empty_at_ = std::max(empty_at_, now);
        if (empty_at_ - now + 20ms > 50 * 20ms) {
            ++refused;
            return 429;
        }
        empty_at_ += 20ms;
        ++served;
        return 200;
    }

    int served = 0;
    int refused = 0;

private:
    std::shared_ptr<manual_clock> clock_;
    manual_clock::time_point empty_at_{};
};

struct throttle_log final : observer
{
    void on_event(event const& what) override
    {
        if (what.kind == event_kind::throttled)
            seen.emplace_back(what.detail);
        if (what.kind == event_kind::queue_start)
            ++queued;
    }

    std::vector<std::string> seen;
    int queued = 0;
};

/// Writes down what it is asked, and answers as it is told.
class scripted_governor final : public rate_governor
{
public:
    bool concerns(operation, bool) const noexcept override { return has_limits; }

    void acquire(rate_request const& request, rate_reply reply) override
    {
        std::unique_lock lock(mutex);
        asked.push_back(request);
        pending_reply = reply;
        auto const respond = on_acquire;
        lock.unlock();
        if (respond)
            respond(std::move(reply));
    }

    void withdraw(rate_request const&, bool granted) override
    {
        std::lock_guard const lock(mutex);
        ++(granted ? given_back : left);
    }

    void learn(rate_request const&, rate_answer const& answer) override
    {
        std::lock_guard const lock(mutex);
        learned.push_back(answer);
        if (out_of_order)
            throw std::runtime_error("out of order");
    }

    void introduce(std::string_view session, std::string_view user) override
    {
        std::lock_guard const lock(mutex);
        users.emplace(session, user);
        if (out_of_order)
            throw std::runtime_error("out of order");
    }

    static rate_verdict yes()
    {
        rate_verdict verdict;
        verdict.granted = true;
        return verdict;
    }

    static rate_verdict later(milliseconds wait)
    {
        rate_verdict verdict;
        verdict.wait = wait;
        verdict.bucket = "auth:sessions";
        return verdict;
    }

    bool has_limits = true;
    std::mutex mutex;
    std::function<void(rate_reply)> on_acquire;
    rate_reply pending_reply;
    std::vector<rate_request> asked;
    std::vector<rate_answer> learned;
    std::map<std::string, std::string> users;
    bool out_of_order = false; ///< learn() and introduce() throw
    int given_back = 0;
    int left = 0;
};

struct governor_fixture
{
    static constexpr char const* token = "flx_made_up_for_this_test";

    client make(client_options options = client_options("https://api.example.test/v1"))
    {
        options.transport = [this](transport_request const&, transport_reply const& reply) {
            ++sent;
            auto const status = server.answer();
            reply(
                status == 200
                    ? made(200, "[]")
                    : made(429, R"({"code":"RATE_LIMITED","message":"no","retry_after":1,"global":true})"));
        };
        options.clock = clock;
        options.observer = log;
        options.retry.max_attempts = 1;
        return client(context.get_executor(), std::move(options));
    }

    client make(std::shared_ptr<rate_governor> with)
    {
        client_options options("https://api.example.test/v1");
        options.rate.governor = std::move(with);
        return make(std::move(options));
    }

    /// Lets everything happen that can without the time going on.
    void settle()
    {
        context.restart();
        while (context.poll() > 0)
            context.restart();
    }

    void pass(milliseconds time)
    {
        for (auto left = time; left > 0ms; left -= 5ms) {
            clock->advance(5ms);
            settle();
        }
    }

    /// Makes and ends so many calls that the next one has to wait.
    void use_up(client& used)
    {
        for (int count = 0; count < 50; ++count) {
            BOOST_TEST(run(context, used.list_auth_sessions(secret(token))).has_value());
            if (count == 0)
                clock->advance(10ms); // as exactly as a server counts
        }
        BOOST_TEST(sent == 50);
    }

    descriptor_baseline descriptors;
    asio::io_context context{1};
    std::shared_ptr<manual_clock> clock = std::make_shared<manual_clock>();
    std::shared_ptr<throttle_log> log = std::make_shared<throttle_log>();
    std::shared_ptr<scripted_governor> governor = std::make_shared<scripted_governor>();
    strict_server server{clock};
    int sent = 0;
};

} // namespace fluxer::auth::test

#endif
