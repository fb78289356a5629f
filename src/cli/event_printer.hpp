#ifndef FLUXER_AUTH_CLI_EVENT_PRINTER_HPP
#define FLUXER_AUTH_CLI_EVENT_PRINTER_HPP

#include <fluxer/auth/observer.hpp>

#include <chrono>
#include <iosfwd>
#include <memory>
#include <string>

namespace fluxer::auth::cli {

/// One event as a line without a line break, e.g.
/// `laptop  12.4 ms  login_user  handshake_end  1.20 ms  call 3  connection 1  127.0.0.1:443`.
/// @param since when the clock of the second column began
std::string event_line(std::string_view who, event const& what, std::chrono::steady_clock::time_point since);

/// Prints a client's events, for --verbose.
class event_printer final : public observer
{
public:
    /// @param out outlives the client
    /// @param who names the client in each line
    event_printer(std::ostream& out, std::string who);

    void on_event(event const& what) override;

private:
    std::ostream& out_;
    std::string who_;
};

/// A printer to standard error, or none.
std::shared_ptr<observer> printer_if(bool verbose, std::string who);

} // namespace fluxer::auth::cli

#endif
