#ifndef FLUXER_AUTH_TEST_FAULTS_ACTIONS_HPP
#define FLUXER_AUTH_TEST_FAULTS_ACTIONS_HPP

#include "call_expectation.hpp"
#include "operations.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth::faults {

class caller;

/// "cancel" of a call.
struct cancellation_plan
{
    enum class kind { terminal, partial, total, client };

    kind how = kind::terminal;
    std::string at; ///< a signal; empty: the call's start
    milliseconds after{0};
    bool before_start = false;
};

/// An entry of "calls" that makes calls.
struct call_plan
{
    std::string path;
    std::string name;
    operation_plan what;
    call_options options;
    std::size_t count = 1;
    bool background = false;
    std::optional<cancellation_plan> cancel;
    call_expectation expected;
};

/// One entry of "calls", ready to be run.
using action = std::function<boost::asio::awaitable<void>(caller&)>;

struct action_list
{
    std::vector<action> actions;
    std::vector<std::string> secrets; ///< of all requests
};

action_list read_actions(item const& from);

} // namespace fluxer::auth::faults

#endif
