#ifndef FLUXER_AUTH_TEST_FAULTS_OPTIONS_HPP
#define FLUXER_AUTH_TEST_FAULTS_OPTIONS_HPP

#include "identities.hpp"
#include "item.hpp"

#include <fluxer/auth/options.hpp>

#include <string>
#include <vector>

namespace fluxer::auth::faults {

/// "client": the options, and what a script says in words of its own.
struct client_plan
{
    client_options options;
    std::string base_url; ///< with {port}
    bool observer_throws = false;
    bool certificate = false;         ///< the client shows one of the root's
    std::string crl;                  ///< what tls.crl_file is to hold; empty: nothing
    std::vector<std::string> secrets; ///< no error or event may show them
};

client_plan read_client(members& script, identities& with);

/// "options" of a call.
call_options read_call_options(item const& from);

} // namespace fluxer::auth::faults

#endif
