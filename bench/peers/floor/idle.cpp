#include "peers/floor/logins.hpp"
#include "peers/floor/loop.hpp"
#include "peers/floor/requests.hpp"

#include "support/idle_memory.hpp"

#include <algorithm>
#include <vector>

namespace fluxer::auth::bench::floor {

namespace {

class idlers final : public loop
{
public:
    explicit idlers(settings const& how)
        : loop(how, true)
        , request_(login_request(how))
    {}

    void connect(std::size_t wanted)
    {
        connections_wanted_ = wanted;
        for (; begun_ < std::min(wanted, all_.size() + idle_memory::handshakes_at_once); ++begun_)
            open();
        run();
    }

    void use_all()
    {
        answers_wanted_ = all_.size();
        for (auto* const one : all_)
            one->send(request_);
        run();
    }

private:
    void connected(connection& which) override
    {
        all_.push_back(&which);
        if (begun_ < connections_wanted_) {
            ++begun_;
            open();
        }
    }

    void answered(connection& which) override
    {
        read_login(which.body(), answer_);
        ++answers_;
    }

    bool over() override { return all_.size() == connections_wanted_ && answers_ == answers_wanted_; }

    std::string request_;
    std::vector<connection*> all_;
    std::size_t begun_ = 0;
    std::size_t connections_wanted_ = 0;
    std::size_t answers_wanted_ = 0;
    std::size_t answers_ = 0;
    login_answer answer_;
};

} // namespace

boost::json::object idle(settings const& how)
{
    idlers work(how);
    work.connect(1);
    idle_memory memory(how);
    work.connect(how.in_flight);
    memory.all_connected();
    work.use_all();
    memory.all_used();
    return memory.result();
}

} // namespace fluxer::auth::bench::floor
