#include <fluxer/auth/altcha.hpp>

#include "client/perform.hpp"
#include "core/altcha.hpp"
#include "core/encoding.hpp"
#include "flows/failure.hpp"
#include "wire/altcha.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <openssl/crypto.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace fluxer::auth {

namespace {

namespace asio = boost::asio;
using steady = std::chrono::steady_clock;

constexpr std::string_view helper_name = "solve_altcha";

constexpr std::chrono::hours longest_timeout{24};

/// No clock is that far ahead; what ended before is not worth the work.
constexpr std::chrono::hours most_clock_error{24};

error malformed(std::string member, std::string why)
{
    error_info info;
    info.code = errc::invalid_request;
    info.fields.emplace_back(std::move(member), "INVALID_FORMAT", std::move(why));
    return error(std::move(info));
}

error expired()
{
    return flows::failure(errc::captcha_expired, "the ALTCHA challenge has expired");
}

timestamp now()
{
    return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

constinit std::atomic<bool> process_ends = false;

/// The threads of all proofs that were given no executor: one for each core, however many proofs there are. They end with
/// the program, and before OpenSSL does.
class workers
{
public:
    static workers& of_process()
    {
        static workers all;
        return all;
    }

    workers(workers const&) = delete;
    workers& operator=(workers const&) = delete;

    ~workers()
    {
        process_ends = true;
        threads_.stop();
        threads_.join();
    }

    asio::any_io_executor executor() { return threads_.get_executor(); }

private:
    workers()
        : threads_(std::max(1U, std::thread::hardware_concurrency()))
    {
        // What is begun before this ends after it.
        OPENSSL_init_crypto(0, nullptr);
    }

    asio::thread_pool threads_;
};

/// What the working thread and the waiting coroutine share.
class job : public std::enable_shared_from_this<job>
{
public:
    job(altcha_challenge challenge_, std::uint64_t last)
        : challenge(std::move(challenge_))
        , last_(last)
    {}

    /// On the working thread.
    void work() noexcept
    {
        std::optional<std::uint64_t> found;
        try {
            found = core::solve_altcha(challenge, 0, last_, [this] { return stopped_ || process_ends; });
        } catch (std::exception const&) {
            // No hash or no memory: nobody finds a number so.
        }
        std::lock_guard const lock(mutex_);
        finished_ = true;
        number_ = found;
        // A waiter exists only while its coroutine does, and that only while its context does.
        if (!waiter_)
            return;
        try {
            asio::post(waiter_->get_executor(), [self = shared_from_this(), timer = waiter_] {
                self->wake(*timer);
            });
        } catch (std::exception const&) { // NOLINT(bugprone-empty-catch): the deadline wakes it
        }
    }

    void stop() noexcept { stopped_ = true; }

    void enter(std::shared_ptr<asio::steady_timer> timer)
    {
        std::lock_guard const lock(mutex_);
        waiter_ = std::move(timer);
    }

    void leave() noexcept
    {
        std::lock_guard const lock(mutex_);
        waiter_.reset();
    }

    /// The lock is against an executor of several threads, where the work may end while the wait begins.
    void begin_wait(auto handler)
    {
        std::lock_guard const lock(mutex_);
        if (finished_)
            waiter_->expires_at(steady::time_point::min());
        waiter_->async_wait(std::move(handler));
    }

    bool finished() const
    {
        std::lock_guard const lock(mutex_);
        return finished_;
    }

    std::optional<std::uint64_t> number() const
    {
        std::lock_guard const lock(mutex_);
        return number_;
    }

    altcha_challenge const challenge;

private:
    void wake(asio::steady_timer& timer)
    {
        std::lock_guard const lock(mutex_);
        timer.cancel();
    }

    std::uint64_t last_;
    std::atomic<bool> stopped_ = false;
    mutable std::mutex mutex_;
    std::shared_ptr<asio::steady_timer> waiter_;
    bool finished_ = false;
    std::optional<std::uint64_t> number_;
};

/// The coroutine's hold on the job: stops it, however the wait ends.
class hold
{
public:
    hold(std::shared_ptr<job> of, asio::any_io_executor const& home, steady::time_point deadline)
        : job_(std::move(of))
    {
        job_->enter(std::make_shared<asio::steady_timer>(home, deadline));
    }

    hold(hold const&) = delete;
    hold& operator=(hold const&) = delete;

    ~hold()
    {
        job_->stop();
        job_->leave();
    }

    void start(std::optional<asio::any_io_executor> const& where)
    {
        asio::post(where ? *where : workers::of_process().executor(), [work = job_] { work->work(); });
    }

private:
    std::shared_ptr<job> job_;
};

class solving
{
public:
    solving(altcha_challenge challenge, altcha_options options)
        : last_(std::min(challenge.max_number, options.max_number))
        , limit_(options.timeout)
        , where_(std::move(options.executor))
        , start_(steady::now())
        , job_(std::make_shared<job>(std::move(challenge), last_))
    {}

    asio::awaitable<result<captcha_proof>> operator()()
    {
        if (ended_before(now() - most_clock_error))
            co_return expired();
        auto const home = co_await asio::this_coro::executor;
        hold held(job_, home, start_ + limit_);
        try {
            held.start(where_);
        } catch (std::system_error const&) {
            co_return flows::failure(errc::captcha_unsolved, "no thread could be made for the work");
        }
        boost::system::error_code ignored;
        auto token = asio::redirect_error(asio::use_awaitable, ignored);
        co_await asio::async_initiate<decltype(token), void(boost::system::error_code)>(
            [](auto handler, std::shared_ptr<job> of) { of->begin_wait(std::move(handler)); }, token, job_);
        auto const after = co_await asio::this_coro::cancellation_state;
        if (after.cancelled() != asio::cancellation_type::none)
            co_return refuse();
        co_return outcome();
    }

    static result<captcha_proof> refuse()
    {
        return flows::failure(errc::cancelled, "while an ALTCHA challenge was being solved");
    }

private:
    /// By this machine's clock. The server goes by its own, so that this decides only where no proof is at hand.
    bool ended_before(timestamp when) const
    {
        return job_->challenge.expires && *job_->challenge.expires <= when;
    }

    result<captcha_proof> outcome() const
    {
        if (!job_->finished())
            return ended_before(now()) ? expired() : timed_out();
        auto const number = job_->number();
        if (!number)
            return flows::failure(
                errc::captcha_unsolved, "no number up to " + std::to_string(last_) + " is right");
        auto const text = wire::encode_altcha_solution(job_->challenge, *number);
        auto const* bytes = reinterpret_cast<unsigned char const*>(text.data()); // NOLINT(*-reinterpret-cast)
        return captcha_proof(secret(core::base64_encode({bytes, text.size()})), "altcha");
    }

    result<captcha_proof> timed_out() const
    {
        error_info info;
        info.code = errc::timed_out;
        info.message = "while an ALTCHA challenge was being solved";
        info.limit = limit_;
        info.elapsed = std::chrono::duration_cast<milliseconds>(steady::now() - start_);
        return error(std::move(info));
    }

    std::uint64_t last_;
    milliseconds limit_;
    std::optional<asio::any_io_executor> where_;
    steady::time_point start_;
    std::shared_ptr<job> job_;
};

std::optional<error> defect(altcha_challenge const& challenge, altcha_options const& options)
{
    if (core::altcha_hash_digits(challenge.algorithm) == 0)
        return malformed("algorithm", "must be SHA-256, SHA-384 or SHA-512");
    if (!core::is_altcha_hash(challenge.challenge, challenge.algorithm))
        return malformed("challenge", "must be the algorithm's hash in hexadecimal digits");
    if (options.timeout < milliseconds(1) || options.timeout > longest_timeout)
        return flows::failure(errc::invalid_option, "timeout is out of its range; it must be 1 ms-24 h");
    return std::nullopt;
}

} // namespace

asio::awaitable<result<captcha_proof>> solve_altcha(altcha_challenge challenge, altcha_options options)
{
    if (auto bad = defect(challenge, options))
        co_return flows::of_helper(*bad, helper_name);
    solving work(std::move(challenge), std::move(options));
    auto proof = co_await client_detail::perform<result<captcha_proof>>(std::move(work));
    if (!proof)
        co_return flows::of_helper(proof.error(), helper_name);
    co_return proof;
}

} // namespace fluxer::auth
