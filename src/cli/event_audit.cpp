#include "cli/event_audit.hpp"

#include "cli/format.hpp"

#include <string_view>

namespace fluxer::auth::cli {

void event_audit::on_event(event const& what)
{
    if (what.kind == event_kind::call_start) {
        if (!open_.emplace(what.call, 0).second)
            ++begun_again_;
    } else if (what.kind == event_kind::call_end) {
        if (open_.erase(what.call) == 0)
            ++ended_unbegun_;
    } else if (what.kind == event_kind::request_sent) {
        if (++open_[what.call] == 2 && what.operation == operation::login_user)
            ++logins_sent_again_;
    }
}

std::vector<std::string> event_audit::complaints() const
{
    std::vector<std::string> complaints;
    auto const expect_none = [&complaints](std::uint64_t count, std::string_view what) {
        if (count != 0)
            complaints.push_back(with_separators(count) + " " + std::string(what));
    };
    expect_none(open_.size(), "calls have an event for their begin and none for their end");
    expect_none(begun_again_, "calls have more than one event for their begin");
    expect_none(ended_unbegun_, "events for the end of a call that was not under way");
    expect_none(logins_sent_again_, "logins were sent more than once");
    return complaints;
}

} // namespace fluxer::auth::cli
