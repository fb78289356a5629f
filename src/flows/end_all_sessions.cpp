#include "client/perform.hpp"
#include "flows/ask.hpp"
#include "flows/until_deadline.hpp"

#include <fluxer/auth/helpers.hpp>
#include <fluxer/auth/sudo.hpp>

#include <boost/asio/strand.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace fluxer::auth {

end_sessions_options&& end_sessions_options::with_keep_own(bool value) &&
{
    keep_own = value;
    return std::move(*this);
}

end_sessions_options&& end_sessions_options::with_max_rounds(unsigned value) &&
{
    max_rounds = value;
    return std::move(*this);
}

end_sessions_options&& end_sessions_options::with_timeout(milliseconds value) &&
{
    timeout = value;
    return std::move(*this);
}

namespace {

namespace asio = boost::asio;
using steady = std::chrono::steady_clock;

constexpr std::size_t block_size = 100; // contract 5.18
constexpr unsigned most_proof_rounds = 10;
constexpr milliseconds longest_flow = std::chrono::hours(24);

error stopped_because(errc code, phase where, std::string message)
{
    error_info info;
    info.code = code;
    info.operation = operation::logout_all_sessions;
    info.phase = where;
    info.message = std::move(message);
    return error(std::move(info));
}

std::optional<error> problem_of(end_sessions_options const& options)
{
    if (options.max_rounds < 1 || options.max_rounds > most_proof_rounds)
        return stopped_because(
            errc::invalid_option, phase::validation,
            "max_rounds is " + std::to_string(options.max_rounds) + "; it must be 1-10");
    if (options.timeout && (*options.timeout < milliseconds(1) || *options.timeout > longest_flow))
        return stopped_because(
            errc::invalid_option, phase::validation,
            "timeout is " + std::to_string(options.timeout->count()) + " ms; it must be 1 ms-24 h");
    return std::nullopt;
}

/// The field of a proof that the server, or the check before sending, refused.
field_error const* refused_proof(error const& failed)
{
    constexpr std::array paths{
        "password", "mfa_code", "mfa_method", "webauthn_response", "webauthn_challenge"};
    if (failed.code() != errc::rejected_input && failed.code() != errc::invalid_request)
        return nullptr;
    for (auto const* path : paths) {
        if (auto const* found = failed.field(path))
            return found;
    }
    return nullptr;
}

/// A handler at work.
class handler_work
{
public:
    handler_work(sudo_handler handler, sudo_question question)
        : handler_(std::move(handler))
        , question_(std::move(question))
    {}

    /// Nothing, too, if it was cancelled.
    asio::awaitable<std::optional<sudo_proof>> operator()()
    {
        auto asked = handler_(question_);
        auto answered = co_await flows_detail::ask(std::move(asked));
        if (!answered)
            co_return std::nullopt;
        co_return *std::move(answered);
    }

    static std::optional<sudo_proof> refuse() { return std::nullopt; }

    /// The flow looks at the clock itself.
    static void deadline_passed() noexcept {}

private:
    sudo_handler handler_;
    sudo_question question_;
};

using timed_handler = flows_detail::until_deadline<std::optional<sudo_proof>, handler_work>;

/// One flow from the list to the last block.
class session_ender
{
public:
    session_ender(client client, secret token, sudo_handler handler, end_sessions_options options)
        : client_(std::move(client))
        , token_(std::move(token))
        , handler_(std::move(handler))
        , options_(std::move(options))
    {}

    void start_with(sudo_proof proof) { proof_ = std::move(proof); }

    asio::awaitable<end_sessions_outcome> operator()()
    {
        outcome_.error = problem_of(options_);
        if (!outcome_.error) {
            // Its time begins now, not when it was made to be awaited later.
            if (options_.timeout)
                end_ = steady::now() + *options_.timeout;
            co_await list();
        }
        while (!outcome_.error && next_ < hashes_.size())
            co_await end_block();
        outcome_.left = hashes_.size() - next_;
        co_return std::move(outcome_);
    }

    end_sessions_outcome refuse()
    {
        stop_cancelled();
        return std::move(outcome_);
    }

private:
    asio::awaitable<void> list()
    {
        auto const listed = co_await client_.list_auth_sessions(token_, call_limits());
        if (!listed) {
            outcome_.error = listed.error();
            co_return;
        }
        auto own = session_id_hash(token_);
        for (auto const& one : *listed) {
            if (one.id_hash != own)
                hashes_.push_back(one.id_hash);
        }
        if (!options_.keep_own)
            hashes_.push_back(std::move(own));
    }

    asio::awaitable<void> end_block()
    {
        auto const first = hashes_.begin() + static_cast<std::ptrdiff_t>(next_);
        auto const size = std::min(block_size, hashes_.size() - next_);
        logout_auth_sessions_request request(
            std::vector<std::string>(first, first + static_cast<std::ptrdiff_t>(size)));
        if (proof_)
            proof_->add_to(request);
        auto const sent = co_await client_.logout_all_sessions(token_, std::move(request), call_limits());
        if (sent || own_was_ended_before(sent.error(), size))
            confirm(size);
        else
            co_await look_into(sent.error());
    }

    bool holds_own(std::size_t size) const { return !options_.keep_own && next_ + size == hashes_.size(); }

    /// Where an answer is lost and the request is sent again, the session that it ended is no longer there.
    bool own_was_ended_before(error const& failed, std::size_t size) const
    {
        return holds_own(size) && failed.code() == errc::unauthorized && failed.attempts() > 1;
    }

    void confirm(std::size_t size)
    {
        outcome_.own_ended = holds_own(size);
        outcome_.ended += size;
        next_ += size;
        rounds_ = 0;
        // What follows goes by the sudo token that it brought (contract 8.4).
        if (proof_ && !proof_->is_password())
            proof_.reset();
    }

    asio::awaitable<void> look_into(error failed)
    {
        auto const* const refused = refused_proof(failed);
        if (refused == nullptr && failed.code() != errc::sudo_required) {
            outcome_.error = failed;
            co_return;
        }
        // An account without password passes without proof (contract 8.1).
        if (refused != nullptr && refused->code == "PASSWORD_NOT_SET" && proof_) {
            proof_.reset();
            co_return;
        }
        if (failed.sudo() != nullptr)
            has_mfa_ = failed.sudo()->has_mfa;
        if (!handler_ || rounds_ >= options_.max_rounds) {
            outcome_.error = failed;
            co_return;
        }
        if (has_mfa_ && !methods_)
            co_await ask_for_methods();
        if (!outcome_.error)
            co_await ask_for_proof(failed);
    }

    asio::awaitable<void> ask_for_methods()
    {
        auto const told = co_await get_sudo_methods(client_, token_, call_limits());
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        if (told)
            methods_ = *told;
        // The handler can do without.
        if (cancellation.cancelled() != asio::cancellation_type::none)
            stop_cancelled();
        else if (time_is_over())
            stop_late();
    }

    asio::awaitable<void> ask_for_proof(error failed)
    {
        sudo_question question;
        question.has_mfa = has_mfa_;
        question.methods = methods_;
        question.last_error = failed;
        question.last_was_wrong = refused_proof(failed) != nullptr;
        question.round = ++rounds_;
        handler_work work(handler_, std::move(question));
        // The call before this has put the coroutine's filter back to terminal only.
        co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
        auto const here = co_await asio::this_coro::executor;
        std::exception_ptr thrown;
        try {
            if (end_) {
                // The timer and the handler must not meet where several threads run the caller's executor.
                timed_handler timed(asio::make_strand(here), *end_, std::move(work));
                proof_ = co_await timed();
            } else {
                proof_ = co_await work();
            }
        } catch (...) {
            thrown = std::current_exception();
        }
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        if (cancellation.cancelled() != asio::cancellation_type::none)
            stop_cancelled();
        else if (time_is_over())
            stop_late();
        else if (thrown)
            std::rethrow_exception(thrown);
        else if (!proof_)
            outcome_.error = failed;
    }

    /// No call lasts longer than the whole.
    call_options call_limits() const
    {
        auto options = options_.call;
        if (end_) {
            auto const left = std::chrono::ceil<milliseconds>(*end_ - steady::now());
            if (!options.timeout || *options.timeout > left)
                options.timeout = left;
        }
        return options;
    }

    bool time_is_over() const { return end_ && steady::now() >= *end_; }

    void stop_cancelled()
    {
        outcome_.error =
            stopped_because(errc::cancelled, phase::retry_wait, "cancelled between two requests");
    }

    void stop_late()
    {
        auto info =
            stopped_because(errc::timed_out, phase::retry_wait, "the time was over before a proof came")
                .info();
        info.limit = options_.timeout;
        outcome_.error = error(std::move(info));
    }

    client client_;
    secret token_;
    sudo_handler handler_;
    end_sessions_options options_;
    std::optional<steady::time_point> end_;
    std::optional<sudo_proof> proof_;
    std::optional<sudo_methods> methods_;
    std::vector<std::string> hashes_; ///< to be ended, the own one last
    std::size_t next_ = 0;
    unsigned rounds_ = 0;
    bool has_mfa_ = false;
    end_sessions_outcome outcome_;
};

asio::awaitable<end_sessions_outcome> end_sessions(session_ender work)
{
    return client_detail::perform<end_sessions_outcome>(std::move(work));
}

} // namespace

asio::awaitable<end_sessions_outcome> end_all_sessions(
    client client, secret token, sudo_handler handler, end_sessions_options options)
{
    return end_sessions(
        session_ender(std::move(client), std::move(token), std::move(handler), std::move(options)));
}

asio::awaitable<end_sessions_outcome> end_all_sessions(
    client client, secret token, sudo_proof proof, end_sessions_options options)
{
    session_ender work(std::move(client), std::move(token), sudo_handler(), std::move(options));
    work.start_with(std::move(proof));
    return end_sessions(std::move(work));
}

} // namespace fluxer::auth
