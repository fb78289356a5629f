#ifndef FLUXER_AUTH_TEST_FAULTS_STAGE_HPP
#define FLUXER_AUTH_TEST_FAULTS_STAGE_HPP

#include "bound.hpp"
#include "identities.hpp"
#include "signals.hpp"
#include "steps.hpp"

#include "scripted/black_hole.hpp"
#include "scripted/server.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth::faults {

/// One entry of "connections".
struct connection_plan
{
    std::string path;
    std::size_t times = 1;                       ///< that many connections in turn do so
    std::string address;                         ///< empty: any
    std::shared_ptr<test::server_tls const> tls; ///< null: plain
    step_list steps;
};

/// "server" and "connections".
struct server_plan
{
    std::vector<std::string> addresses{"127.0.0.1"};
    std::vector<std::string> black_holes;
    bool listening = true;
    std::vector<connection_plan> connections;
};

server_plan read_server(members& script, identities& with);

/// What the server saw of one connection.
struct connection_record
{
    bool assigned = false;
    bool handshaken = false;
    bool resumed = false;
    bool ended = false; ///< the client closed it, or we did
    bool said_close_notify = false;
    std::size_t requests = 0;
    std::size_t bytes_after_close = 0;
    test::client_hello hello;
};

/// The server of a script while it runs.
class stage
{
public:
    stage(server_plan const& plan, signals& hub);

    unsigned short port() const { return port_; }

    test::scripted_server& server() { return *server_; }

    /// After signals::finish(): waits until each connection came to its end.
    bool wait_for_ends(std::chrono::milliseconds limit);

    /// Ends whatever still goes on; no thread of the server is left.
    void close();

    std::vector<connection_record> records() const;
    std::vector<std::string> problems() const;

private:
    std::shared_ptr<test::server_tls const> assign(test::peer const& to);
    void serve(test::peer& with);
    void report(std::size_t index, std::string const& what);

    server_plan const& plan_;
    signals& hub_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::size_t> used_; // of each plan
    std::vector<connection_plan const*> assigned_;
    std::vector<connection_record> records_;
    std::size_t serving_ = 0;
    unsigned short port_ = 0;
    std::vector<std::string> problems_;
    std::vector<std::unique_ptr<test::black_hole>> holes_;
    std::unique_ptr<test::scripted_server> server_;
};

} // namespace fluxer::auth::faults

#endif
