#ifndef FLUXER_AUTH_CLI_SANDBOX_PROCESS_HPP
#define FLUXER_AUTH_CLI_SANDBOX_PROCESS_HPP

#include <string>

#include <sys/types.h>

namespace fluxer::auth::cli {

/// This very program, run as `sandbox` in a process of its own. It ends with this object, and with this process
/// however that ends.
class sandbox_process
{
public:
    /// Starts it and waits until it serves.
    /// @throws std::exception if it does not
    sandbox_process();

    /// Ends it if stop() did not.
    ~sandbox_process();

    sandbox_process(sandbox_process const&) = delete;
    sandbox_process& operator=(sandbox_process const&) = delete;

    /// As it was printed, e.g. "https://localhost:40123/v1".
    std::string const& base_url() const noexcept { return base_url_; }

    std::string const& ca_pem() const noexcept { return ca_pem_; }

    pid_t id() const noexcept { return id_; }

    /// Has it end, by force if it does not within two seconds.
    /// @returns whether it ended by itself with exit status 0
    bool stop() noexcept;

private:
    pid_t id_ = -1;
    int output_ = -1;
    std::string base_url_;
    std::string ca_pem_;
};

} // namespace fluxer::auth::cli

#endif
