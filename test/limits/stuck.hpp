#ifndef FLUXER_AUTH_TEST_LIMITS_STUCK_HPP
#define FLUXER_AUTH_TEST_LIMITS_STUCK_HPP

#include "limits/support.hpp"

#include <iosfwd>

namespace fluxer::auth::test {

/// Where the first call gets stuck.
enum class place { resolve, connect, tls, send, first_byte, header, header_drip, body, body_drip, queue };

constexpr place all_places[] = {place::resolve,    place::connect, place::tls,         place::send,
                                place::first_byte, place::header,  place::header_drip, place::body,
                                place::body_drip,  place::queue};

std::ostream& operator<<(std::ostream& out, place value);

phase phase_of(place value);

/// A server, with the way to it, that lets the first call come to a place and no further; later ones are answered
/// with 204.
class stuck
{
public:
    explicit stuck(place where);
    stuck(stuck const&) = delete;
    stuck& operator=(stuck const&) = delete;
    ~stuck();

    client_options options() const;
    raw_request request() const;

    unsigned short port() const { return server_->port(); }

    /// Makes the call that gets stuck; where it is the queue, behind another that holds the only connection.
    pending<result<raw_response>> start(asio::io_context& context, client& with, call_options what = {});

    /// Runs until the call stands where it will not get any further.
    void run_until_there(asio::io_context& context, client const& used) const;

    /// Lets go of what stands in the way for calls to come.
    void clear(asio::io_context& context);

private:
    struct gate;
    class milestone;

    void serve(peer& with);
    void get_stuck(peer& with) const;

    place where_;
    std::shared_ptr<gate> gate_;
    std::shared_ptr<milestone> milestone_;
    std::unique_ptr<scripted_server> server_;
    std::unique_ptr<black_hole> hole_;
    std::optional<pending<result<raw_response>>> occupant_;
};

} // namespace fluxer::auth::test

#endif
