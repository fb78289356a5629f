#ifndef FLUXER_AUTH_CALL_SUDO_MEMORY_HPP
#define FLUXER_AUTH_CALL_SUDO_MEMORY_HPP

#include "wire/codec.hpp"

#include <fluxer/auth/clock.hpp>
#include <fluxer/auth/options.hpp>

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

namespace fluxer::auth::call {

/// The sudo tokens that answers brought, each under the session whose request it answered (contract 8.4).
class sudo_memory
{
public:
    using time_point = clock::time_point;

    /// The server's five minutes less what a request may take to get there.
    static constexpr milliseconds life{270'000};
    /// Of sessions with a token at the same time; beyond it the oldest gives way.
    static constexpr std::size_t most_sessions = 4096;
    /// More than any JWT that goes into a header; a longer one is not kept.
    static constexpr std::size_t longest_token = 4096;

    explicit sudo_memory(client_options const& options);

    /// What to send with a request: nothing if it has no need of one, or brings its own.
    std::optional<secret> token_for(
        wire::request const& request, call_options const& options, time_point now);

    /// @param options those that the request was sent with, its sudo token included
    /// @param refusal what the answer says, unless it is a success
    /// @param sent when; a token that the answer brings can't be older
    void learn(
        wire::request const& request, call_options const& options, wire::answer const& answer,
        error_info const* refusal, time_point sent);

    std::size_t size() const noexcept { return entries_.size(); }

private:
    struct entry
    {
        std::string session;
        secret token;
        time_point end;
    };

    using entry_list = std::list<entry>;

    void drop_expired(time_point now);
    void remember(std::string session, secret token, time_point end);
    void refute(std::string const& session, std::string_view token);
    void forget(std::string const& session);

    bool enabled_;
    entry_list entries_; ///< oldest first
    std::unordered_map<std::string, entry_list::iterator> places_;
};

} // namespace fluxer::auth::call

#endif
