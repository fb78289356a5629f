#include "peers/floor/logins.hpp"
#include "peers/floor/loop.hpp"
#include "peers/floor/requests.hpp"

#include "support/meter.hpp"

#include <deque>
#include <queue>
#include <vector>

namespace fluxer::auth::bench::floor {

namespace {

using clock = meter::clock;

/// All pollers in one heap by the time of their next look; those that are due take the connection that is free, or
/// wait for one in turn.
class pollers final : public loop
{
public:
    explicit pollers(settings const& how)
        : loop(how, true)
        , meter_(how)
        , request_(handoff_request(how))
        , interval_(std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(how.interval)))
        , count_(how.pollers)
    {}

    boost::json::object measure(std::size_t connections)
    {
        auto const start = clock::now();
        for (std::size_t number = 0; number < count_; ++number)
            due_.push(start + interval_ * number / count_);
        for (std::size_t number = 0; number < connections; ++number)
            open();
        run();
        return meter_.result();
    }

private:
    using time_point = clock::time_point;

    void connected(connection& which) override { free_.push_back(&which); }

    void answered(connection& which) override
    {
        read_handoff(which.body());
        meter_.answered(which.begin);
        due_.push(which.begin + interval_);
        if (waiting_.empty()) {
            free_.push_back(&which);
            return;
        }
        look(which, waiting_.front());
        waiting_.pop_front();
    }

    bool over() override { return meter_.over(); }

    int prepare() override
    {
        auto const now = clock::now();
        for (; !due_.empty() && due_.top() <= now; due_.pop()) {
            if (free_.empty()) {
                waiting_.push_back(due_.top());
                continue;
            }
            look(*free_.back(), due_.top());
            free_.pop_back();
        }
        if (due_.empty())
            return -1;
        return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(due_.top() - now).count());
    }

    void look(connection& with, time_point due)
    {
        with.begin = due;
        with.send(request_);
    }

    meter meter_;
    std::string request_;
    clock::duration interval_;
    std::size_t count_;
    std::priority_queue<time_point, std::vector<time_point>, std::greater<>> due_;
    std::deque<time_point> waiting_;
    std::vector<connection*> free_;
};

} // namespace

boost::json::object poll(settings const& how)
{
    pollers work(how);
    return work.measure(how.in_flight);
}

} // namespace fluxer::auth::bench::floor
