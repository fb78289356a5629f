#include "flows/poll_loop.hpp"

#include <utility>

namespace fluxer::auth {

namespace {

namespace asio = boost::asio;
using flows_detail::look;
using flows_detail::look_result;

constexpr std::chrono::minutes code_life{5}; // contract 9.1

class handoff_target final : public flows_detail::poll_target
{
public:
    explicit handoff_target(handoff ticket)
        : ticket_(std::move(ticket))
    {}

    asio::awaitable<look> look_once(client& client, call_options options) override
    {
        auto answer = co_await client.get_handoff_status(ticket_.code, std::move(options));
        if (!answer) {
            auto failure = answer.error();
            // The server forgets the session with the first answer that holds it, whether or not that arrives.
            answer_lost_ = answer_lost_ || failure.request_was_sent();
            co_return flows_detail::look_of(std::move(failure));
        }
        look seen(result_of(answer->state));
        seen.session = std::move(answer->session);
        if (seen.what == look_result::pending)
            answer_lost_ = false;
        co_return seen;
    }

    std::optional<wait_status> judge_end(bool before_expiry) override
    {
        return answer_lost_ && before_expiry ? wait_status::lost : wait_status::expired;
    }

    std::chrono::steady_clock::time_point expiry() const override { return ticket_.received_at + code_life; }

private:
    static look_result result_of(handoff_state state)
    {
        switch (state) {
        case handoff_state::completed:
            return look_result::completed;
        case handoff_state::expired:
            return look_result::ended;
        case handoff_state::denied:
            return look_result::denied;
        case handoff_state::pending:
        case handoff_state::other:
            break;
        }
        return look_result::pending;
    }

    handoff ticket_;
    bool answer_lost_ = false;
};

} // namespace

asio::awaitable<wait_outcome> wait_for_handoff(client client, handoff ticket, poll_options options)
{
    return flows_detail::poll(
        std::move(client), std::make_unique<handoff_target>(std::move(ticket)), std::move(options));
}

} // namespace fluxer::auth
