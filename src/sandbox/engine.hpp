#ifndef FLUXER_AUTH_SANDBOX_ENGINE_HPP
#define FLUXER_AUTH_SANDBOX_ENGINE_HPP

#include "fluxer/auth_sandbox.hpp"

#include "sandbox/clock.hpp"
#include "sandbox/counters.hpp"
#include "sandbox/exchange.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/state.hpp"

#include <mutex>
#include <optional>
#include <string>

namespace fluxer::auth::sandbox_detail {

/// Everything of the server but the network: state with its lock, clock, faults, counters. Thread-safe.
class engine
{
public:
    explicit engine(sandbox_options options);

    /// How a request shall be treated; counts it as under way until it is destroyed.
    class admission
    {
    public:
        admission(engine& owner, request const& in);
        ~admission();
        admission(admission const&) = delete;
        admission& operator=(admission const&) = delete;

        bool over_capacity = false;
        std::optional<sandbox_fault> fault;

    private:
        engine& owner_;
        bool counted_;
    };

    /// The true answer, to the API or the control API.
    reply answer(request const& in);

    /// Runs a function with the state locked.
    template <class Function>
    auto with_state(Function function)
    {
        std::lock_guard const lock(mutex_);
        return function(state_, clock.now());
    }

    /// The same with an account.
    /// @throws std::invalid_argument if there is none with that address
    template <class Function>
    auto with_account(std::string_view email, Function function)
    {
        std::lock_guard const lock(mutex_);
        return function(state_, require_account(email), clock.now());
    }

    std::string create_account(sandbox_account const& wanted);
    std::string enable_totp(std::string_view email);
    std::string totp_code(std::string_view email);
    std::vector<std::string> add_backup_codes(std::string_view email);
    void enable_sms(std::string_view email, std::string phone);
    void add_passkey(
        std::string_view email, std::string credential_id, std::span<unsigned char const> key,
        std::string user_handle);
    void start_email_change(std::string_view email, std::string new_email);
    std::string create_session(std::string_view email);
    std::string create_bot_token(std::string_view email);
    std::string create_oauth_token(std::string_view email);
    std::vector<std::string> sessions_of(std::string_view email);

    /// @throws std::invalid_argument for an unknown operation or a value out of its range
    void set_fault(std::string_view operation, sandbox_fault const& fault);

    adjustable_clock clock;
    fault_table faults;
    counter_set counters;

private:
    account& require_account(std::string_view email);

    std::mutex mutex_;
    state state_;
    std::uint64_t const max_in_flight_;
};

} // namespace fluxer::auth::sandbox_detail

#endif
