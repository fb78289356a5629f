#include "peers/ours/use.hpp"

#include "support/idle_memory.hpp"

#include <boost/asio/io_context.hpp>

#include <stdexcept>

namespace fluxer::auth::bench::ours {

namespace {

asio::awaitable<void> warm_up(client& with, std::size_t connections)
{
    auto const ready = co_await with.warm_up(connections);
    if (!ready)
        throw std::runtime_error(ready.error().to_string());
}

/// Until the work is done: the context has more to do as long as there are idle connections.
class program
{
public:
    explicit program(settings const& how)
        : used_(context_.get_executor(), make_options(how))
    {}

    void connect(std::size_t wanted)
    {
        start(context_.get_executor(), warm_up(used_, wanted));
        run_until([&] { return used_.stats().connections_idle == wanted; });
    }

    void use_all(std::size_t connections)
    {
        for (std::size_t count = 0; count < connections; ++count)
            start(context_.get_executor(), log_in(used_));
        run_until([&] {
            auto const now = used_.stats();
            return now.calls_succeeded >= connections && now.connections_idle == connections;
        });
    }

private:
    template <class Condition>
    void run_until(Condition const& holds)
    {
        while (!holds())
            context_.run_one();
    }

    asio::io_context context_{1};
    client used_;
};

} // namespace

boost::json::object idle(settings const& how)
{
    program used(how);
    used.connect(1);
    idle_memory memory(how);
    used.connect(how.in_flight);
    memory.all_connected();
    used.use_all(how.in_flight);
    memory.all_used();
    return memory.result();
}

} // namespace fluxer::auth::bench::ours
