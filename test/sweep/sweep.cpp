#include "sweep/sweep.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace fluxer::auth::test {

namespace {

constexpr int counting_runs = 3;
/// A point that the call passed by, because the server answered in fewer pieces, is tried again so often.
constexpr int most_tries = 5;

/// Where one call of the tests is told from all others.
std::string next_id()
{
    static int last = 0;
    return "trial-" + std::to_string(++last);
}

struct tally
{
    std::size_t points = 0;
    std::map<blow, std::size_t> dealt;
    ending undisturbed;
    std::vector<std::string> ids;

    std::string make_id()
    {
        ids.push_back(next_id());
        return ids.back();
    }
};

void count_points(scenario const& what, tally& so_far)
{
    for (int count = 0; count < counting_runs; ++count) {
        trial run(what, blow::none, 0, so_far.make_id());
        run.run();
        so_far.points = std::max(so_far.points, run.handlers());
        so_far.undisturbed = run.end();
        run.check(so_far.undisturbed);
    }
}

/// True: the blow hit.
bool deal(scenario const& what, blow how, std::size_t point, tally& so_far)
{
    trial run(what, how, point, so_far.make_id());
    BOOST_TEST_CONTEXT(what.name << ", " << how << " after " << point << " handlers")
    {
        run.run();
        run.check(so_far.undisturbed);
    }
    return run.struck();
}

void report(scenario const& what, tally const& so_far, std::size_t least)
{
    std::ostringstream line;
    line << what.name << ": " << so_far.points << " suspension points";
    for (auto const how : what.blows) {
        auto const found = so_far.dealt.find(how);
        auto const dealt = found == so_far.dealt.end() ? 0 : found->second;
        line << ", " << dealt << " x " << how;
        BOOST_TEST(dealt >= least, what.name << ": " << dealt << " x " << how);
    }
    BOOST_TEST_MESSAGE(line.str());
}

void check_times_asked(scenario const& what, tally const& so_far)
{
    if (!what.times_asked)
        return;
    int most = 0;
    for (auto const& id : so_far.ids)
        most = std::max(most, what.times_asked(id));
    BOOST_TEST(most == what.most_times_asked, what.name << ": asked " << most << " times");
}

/// One of many trials that run at once.
struct planned
{
    planned(scenario const& what_, tally& result_, blow how_, std::size_t point_)
        : what(&what_)
        , result(&result_)
        , how(how_)
        , point(point_)
        , run(std::make_unique<trial>(what_, how_, point_, result_.make_id()))
    {}

    void conclude()
    {
        BOOST_TEST_CONTEXT(what->name << ", " << how << " after " << point << " handlers")
        {
            run->check(result->undisturbed);
            result->dealt[how] += run->struck() ? 1 : 0;
        }
        run.reset();
    }

    scenario const* what;
    tally* result;
    blow how;
    std::size_t point;
    std::unique_ptr<trial> run;
};

void run_together(std::vector<planned>& runs)
{
    auto const end = std::chrono::steady_clock::now() + guard;
    for (bool going_on = true; going_on;) {
        BOOST_REQUIRE(std::chrono::steady_clock::now() < end);
        going_on = false;
        for (auto& each : runs)
            going_on = each.run->step(milliseconds(0)) || going_on;
        // All that is left may be waiting for the real clock.
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    for (auto& each : runs)
        each.run->fetch();
}

} // namespace

void sweep(scenario const& what, std::size_t least)
{
    tally so_far;
    count_points(what, so_far);
    for (auto const how : what.blows) {
        for (std::size_t point = 0; point < so_far.points; ++point) {
            for (int tries = 0; tries < most_tries; ++tries) {
                if (!deal(what, how, point, so_far))
                    continue;
                ++so_far.dealt[how];
                break;
            }
        }
    }
    report(what, so_far, least);
    check_times_asked(what, so_far);
}

void sweep_together(std::vector<scenario> const& all, std::size_t least)
{
    std::vector<tally> tallies(all.size());
    std::vector<planned> runs;
    for (std::size_t index = 0; index < all.size(); ++index)
        runs.emplace_back(all[index], tallies[index], blow::none, 0);
    run_together(runs);
    for (auto const& counted : runs) {
        counted.result->points = counted.run->handlers();
        counted.result->undisturbed = counted.run->end();
    }
    runs.clear();
    for (std::size_t index = 0; index < all.size(); ++index) {
        for (auto const how : all[index].blows) {
            for (std::size_t point = 0; point < tallies[index].points; ++point)
                runs.emplace_back(all[index], tallies[index], how, point);
        }
    }
    run_together(runs);
    for (auto& each : runs)
        each.conclude();
    for (std::size_t index = 0; index < all.size(); ++index) {
        report(all[index], tallies[index], least);
        check_times_asked(all[index], tallies[index]);
    }
}

scenario scenario_for(sweep_server& server, std::string name)
{
    scenario made;
    made.name = std::move(name);
    made.port = server.where().port();
    made.options = [&server] { return patient_options(server.where()); };
    made.check_next = check_next_call;
    made.accompany = [&server](world& in) { server.let_go(in.id, in.sent()); };
    made.times_asked = [&server](std::string const& id) { return server.received.times(id); };
    return made;
}

void check_next_call(world& in)
{
    pending<result<raw_response>> next(in.used->get_executor(), in.used->send(raw_request("POST", "/next")));
    in.run_until([&] { return next.done(); });
    auto const got = next.get(*in.others);
    BOOST_TEST(got.has_value(), got.error());
}

void warm(world& in)
{
    pending<result<std::size_t>> warming(in.used->get_executor(), in.used->warm_up(1));
    in.run_until([&] { return warming.done(); });
    BOOST_REQUIRE(warming.get(*in.others).has_value());
}

void occupy(world& in)
{
    call_options with;
    with.request_id = "hold-" + in.id;
    in.occupant.emplace(
        in.used->get_executor(), in.used->send(raw_request("POST", "/hold"), std::move(with)));
    in.run_until([&] { return in.used->stats().connections_in_use == 1; });
    // The swept awaitable's own handlers are to be the first.
    while (in.run_one(milliseconds(1))) {}
}

void let_go(sweep_server& server, world& in)
{
    server.let_go("hold-" + in.id);
}

void await_occupant(world& in)
{
    in.run_until([&] { return in.occupant->done(); });
    in.occupant.reset();
}

} // namespace fluxer::auth::test
