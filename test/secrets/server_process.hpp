#ifndef FLUXER_AUTH_TEST_SECRETS_SERVER_PROCESS_HPP
#define FLUXER_AUTH_TEST_SECRETS_SERVER_PROCESS_HPP

#include "secrets/memory.hpp"

#include <string>

#include <sys/types.h>

namespace fluxer::auth::test {

/// The sandbox in a process of its own, since it knows all passwords. To be made before there are threads.
class server_process
{
public:
    /// With one account.
    server_process(char const* email, hidden_text const& password);
    server_process(server_process const&) = delete;
    server_process& operator=(server_process const&) = delete;
    ~server_process();

    std::string const& base_url() const noexcept { return base_url_; }

    std::string const& ca_pem() const noexcept { return ca_pem_; }

private:
    pid_t process_ = -1;
    int input_ = -1; ///< its end ends the process
    std::string base_url_;
    std::string ca_pem_;
};

} // namespace fluxer::auth::test

#endif
