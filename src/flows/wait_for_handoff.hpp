#ifndef FLUXER_AUTH_FLOWS_WAIT_FOR_HANDOFF_HPP
#define FLUXER_AUTH_FLOWS_WAIT_FOR_HANDOFF_HPP

#include <fluxer/auth/flows.hpp>

namespace fluxer::auth::flows_detail {

/// auth::wait_for_handoff with start_handoff_options::cancel_on_abandon.
boost::asio::awaitable<wait_outcome> wait_for_handoff(
    client client, handoff const& ticket, bool cancel_on_abandon, poll_options options);

} // namespace fluxer::auth::flows_detail

#endif
