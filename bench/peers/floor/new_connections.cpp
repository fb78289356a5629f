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
        : loop(how, how.mode == mode::new_resumed)
        , meter_(how)
        , request_(login_request(how))
    {}

    boost::json::object measure(std::size_t connections)
    {
        for (std::size_t count = 0; count < connections; ++count)
            open();
        run();
        auto result = meter_.result();
        result["handshakes"] = handshakes();
        result["resumed"] = resumed();
        return result;
    }

private:
    void connected(connection& which) override { which.send(request_); }

    void answered(connection& which) override
    {
        read_login(which.body(), answer_);
        auto const goes_on = meter_.answered(which.begin);
        close(which);
        if (goes_on)
            open();
    }

    bool over() override { return meter_.over(); }

    meter meter_;
    std::string request_;
    login_answer answer_;
};

} // namespace

boost::json::object new_connections(settings const& how)
{
    logins work(how);
    return work.measure(how.in_flight);
}

} // namespace fluxer::auth::bench::floor
