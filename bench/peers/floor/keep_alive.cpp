#include "peers/floor/logins.hpp"
#include "peers/floor/loop.hpp"
#include "peers/floor/requests.hpp"

#include "support/meter.hpp"

namespace fluxer::auth::bench::floor {

namespace {

class logins final : public loop
{
public:
    explicit logins(settings const& how)
        : loop(how, true)
        , meter_(how)
        , request_(login_request(how))
    {}

    boost::json::object measure(std::size_t connections)
    {
        for (std::size_t count = 0; count < connections; ++count)
            open();
        run();
        return meter_.result();
    }

private:
    void connected(connection& which) override { send(which); }

    void answered(connection& which) override
    {
        read_login(which.body(), answer_);
        if (meter_.answered(which.begin))
            send(which);
    }

    bool over() override { return meter_.over(); }

    void send(connection& which)
    {
        which.begin = meter::clock::now();
        which.send(request_);
    }

    meter meter_;
    std::string request_;
    login_answer answer_;
};

} // namespace

boost::json::object keep_alive(settings const& how)
{
    logins work(how);
    return work.measure(how.in_flight);
}

} // namespace fluxer::auth::bench::floor
