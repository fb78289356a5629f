#include "actions.hpp"

#include "caller.hpp"
#include "gauges.hpp"
#include "options.hpp"

#include <array>
#include <memory>
#include <utility>

namespace fluxer::auth::faults {

namespace {

namespace asio = boost::asio;

/// What an entry waits for before anything happens.
struct beginning
{
    std::vector<std::string> signals;
    milliseconds delay{0};
};

beginning read_beginning(members& fields)
{
    beginning made;
    if (auto const names = fields.find("wait_for"))
        made.signals = names->texts();
    made.delay = fields.milliseconds("delay_ms", made.delay);
    return made;
}

asio::awaitable<void> begin(caller& on, beginning const& what)
{
    for (auto const& name : what.signals)
        co_await on.until(name);
    if (what.delay.count() > 0)
        co_await on.pause(what.delay);
}

cancellation_plan read_cancellation(item const& from)
{
    cancellation_plan made;
    members fields(from);
    if (auto const how = fields.find("type"))
        made.how =
            static_cast<cancellation_plan::kind>(how->choice({"terminal", "partial", "total", "client"}));
    made.at = fields.text("at");
    made.after = fields.milliseconds("after_ms", made.after);
    made.before_start = fields.flag("before_start");
    fields.finish();
    return made;
}

/// Coroutines are members, so that what they use outlives them wherever the std::function is.
struct call_action
{
    beginning start;
    call_plan plan;

    asio::awaitable<void> run(caller& on) const
    {
        co_await begin(on, start);
        on.start(plan);
        if (plan.background)
            co_return;
        std::vector<std::string> mine{plan.name};
        co_await on.until_ended(std::move(mine));
    }
};

action read_call(members& fields, std::vector<std::string>& secrets, std::size_t number)
{
    auto const made = std::make_shared<call_action>();
    made->start = read_beginning(fields);
    auto& plan = made->plan;
    plan.path = fields.self().path();
    plan.name = fields.text("name", std::to_string(number));
    plan.what = read_operation(fields);
    if (auto const options = fields.find("options"))
        plan.options = read_call_options(*options);
    if (auto const count = fields.find("count"))
        plan.count = static_cast<std::size_t>(count->integer(1, 100'000));
    plan.background = fields.flag("background");
    if (auto const cancel = fields.find("cancel"))
        plan.cancel = read_cancellation(*cancel);
    if (auto const expected = fields.find("expect"))
        plan.expected = call_expectation(*expected);
    fields.finish();
    secrets.insert(secrets.end(), plan.what.secrets.begin(), plan.what.secrets.end());
    if (plan.options.sudo_token)
        secrets.emplace_back(plan.options.sudo_token->reveal());
    if (plan.options.captcha)
        secrets.emplace_back(plan.options.captcha->token.reveal());
    return [made](caller& on) { return made->run(on); };
}

struct wait_action
{
    beginning start;
    std::string give;
    bool join = false;
    std::vector<std::string> ended;

    asio::awaitable<void> run(caller& on) const
    {
        co_await begin(on, start);
        if (join)
            co_await on.until_ended(ended);
        if (!give.empty())
            on.hub().give(give);
    }
};

/// {"wait_for": ..., "delay_ms": ..., "signal": ...} in any combination.
action read_wait(members& fields)
{
    auto const made = std::make_shared<wait_action>();
    made->start = read_beginning(fields);
    made->give = fields.text("signal");
    if (auto const ended = fields.find("wait_for_calls")) {
        made->join = true;
        if (ended->value().is_string() && ended->text() == "all")
            made->ended.clear();
        else
            made->ended = ended->texts();
    }
    fields.finish();
    return [made](caller& on) { return made->run(on); };
}

struct stats_action
{
    beginning start;
    gauges expected;

    asio::awaitable<void> run(caller& on) const
    {
        co_await begin(on, start);
        auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (!expected.hold(on.client().stats()) && std::chrono::steady_clock::now() < end)
            co_await on.pause(milliseconds(2));
        expected.check(on.client().stats(), on.found());
    }
};

action read_stats(members& fields, item const& stats)
{
    auto const made = std::make_shared<stats_action>();
    made->start = read_beginning(fields);
    made->expected = gauges(stats);
    fields.finish();
    return [made](caller& on) { return made->run(on); };
}

struct deed_action
{
    beginning start;
    std::size_t deed = 0;

    asio::awaitable<void> run(caller& on) const
    {
        co_await begin(on, start);
        if (deed == 0)
            on.client().cancel();
        else if (deed == 1)
            on.drop_client();
        else if (deed == 2)
            on.server().server().refuse_connections();
        else
            on.server().server().listen_again();
    }
};

action read_deed(members& fields, item const& deed)
{
    auto const made = std::make_shared<deed_action>();
    made->start = read_beginning(fields);
    made->deed = deed.choice({"cancel_all_calls", "destroy_client", "refuse_connections", "listen_again"});
    fields.finish();
    return [made](caller& on) { return made->run(on); };
}

} // namespace

action_list read_actions(item const& from)
{
    action_list made;
    for (auto const& each : from.list()) {
        members fields(each);
        auto const number = made.actions.size() + 1;
        if (fields.find("operation"))
            made.actions.push_back(read_call(fields, made.secrets, number));
        else if (auto const stats = fields.find("stats"))
            made.actions.push_back(read_stats(fields, *stats));
        else if (auto const deed = fields.find("do"))
            made.actions.push_back(read_deed(fields, *deed));
        else
            made.actions.push_back(read_wait(fields));
    }
    return made;
}

} // namespace fluxer::auth::faults
