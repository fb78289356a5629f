#include "net/connector.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <list>
#include <new>
#include <utility>

namespace fluxer::auth::net {

namespace {

constexpr milliseconds head_start{250};

/// A name with hundreds of addresses that do not answer must not cost as many descriptors: then the oldest attempt is
/// given up for the next one.
constexpr std::size_t most_at_once = 8;

/// Connecting to a port of this machine on which nobody listens, the kernel may choose that port as the connection's own,
/// and connect it to itself.
bool is_its_own_peer(asio::ip::tcp::socket const& socket, asio::ip::tcp::endpoint const& remote)
{
    error_code unknown;
    return socket.local_endpoint(unknown) == remote && !unknown;
}

/// The attempts of one connect. Kept alive by their handlers; `done` wakes the coroutine that waits for the outcome.
class race : public std::enable_shared_from_this<race>, public abortable, private core::timer_entry
{
public:
    race(
        asio::any_io_executor executor, std::shared_ptr<timers> timers,
        std::vector<asio::ip::tcp::endpoint> endpoints)
        : done(executor, time_point::max())
        , executor_(std::move(executor))
        , timers_(std::move(timers))
        , endpoints_(std::move(endpoints))
    {}

    void start_next()
    {
        disarm();
        if (attempts_.size() >= most_at_once && next_ < endpoints_.size())
            return give_up_oldest();
        while (next_ < endpoints_.size() && !finished_) {
            if (!start(endpoints_[next_++]))
                continue;
            if (next_ < endpoints_.size())
                give_head_start();
            return;
        }
        if (attempts_.empty())
            finish();
    }

    void abort() noexcept override
    {
        outcome.ec = asio::error::operation_aborted;
        finish();
    }

    bool finished() const noexcept { return finished_; }

    /// For who goes without an outcome, as when there is no memory to wait for one.
    void leave() noexcept
    {
        if (!finished_)
            abort();
    }

    asio::steady_timer done;
    connected outcome;

private:
    struct connecting
    {
        connecting(asio::any_io_executor const& executor, asio::ip::tcp::endpoint const& endpoint_)
            : socket(executor)
            , endpoint(endpoint_)
        {}

        asio::ip::tcp::socket socket;
        asio::ip::tcp::endpoint endpoint;
    };

    using attempt_list = std::list<connecting>;

    /// An attempt's end. There may be no memory to be told of it; then it is destroyed instead, maybe beside the
    /// executor, and told as soon as it can be.
    class attempt_end
    {
    public:
        attempt_end(std::shared_ptr<race> of, attempt_list::iterator attempt)
            : of_(std::move(of))
            , attempt_(attempt)
        {}

        attempt_end(attempt_end&&) noexcept = default;
        attempt_end& operator=(attempt_end&&) = delete;

        ~attempt_end()
        {
            if (!of_)
                return;
            try {
                asio::post(of_->executor_, [of = of_, attempt = attempt_] { of->lost_one(attempt); });
            } catch (...) { // NOLINT(bugprone-empty-catch): the limit's end remains
            }
        }

        void operator()(error_code const& result)
        {
            std::exchange(of_, nullptr)->finished_one(attempt_, result);
        }

    private:
        std::shared_ptr<race> of_;
        attempt_list::iterator attempt_;
    };

    void expired() override { start_next(); }

    /// False: it failed at once, as it does without memory for it.
    bool start(asio::ip::tcp::endpoint const& endpoint)
    {
        auto attempt = attempts_.end();
        auto begun = false;
        error_code ec;
        try {
            attempt = attempts_.emplace(attempts_.end(), executor_, endpoint);
            auto& socket = attempt->socket;
            open(socket, endpoint.protocol(), ec);
            if (!ec)
                socket.non_blocking(true, ec);
            if (!ec) {
                begun = true;
                socket.async_connect(endpoint, attempt_end(shared_from_this(), attempt));
            }
        } catch (std::bad_alloc const&) {
            ec = asio::error::no_memory;
        }
        if (begun) // its attempt_end tells how it went, even then
            return true;
        outcome.ec = ec;
        if (attempt != attempts_.end())
            attempts_.erase(attempt);
        return false;
    }

    /// As Asio does it, but programs that the process starts do not inherit the connection, which would stay open when
    /// this one closes it.
    static void open(asio::ip::tcp::socket& socket, asio::ip::tcp const& protocol, error_code& ec)
    {
        auto const descriptor =
            ::socket(protocol.family(), protocol.type() | SOCK_CLOEXEC, protocol.protocol());
        if (descriptor < 0) {
            ec = error_code(errno, boost::system::system_category());
            return;
        }
        try {
            socket.assign(protocol, descriptor, ec);
        } catch (std::bad_alloc const&) {
            ec = asio::error::no_memory;
        }
        if (ec)
            ::close(descriptor);
    }

    /// Its end starts the next one.
    void give_up_oldest() noexcept
    {
        error_code ignored;
        attempts_.front().socket.close(ignored);
    }

    void give_head_start()
    {
        try {
            timers_->arm(*this, timers_->now() + head_start);
        } catch (std::bad_alloc const&) {
            // Then the next one begins with this one's end.
            return;
        }
    }

    void lost_one(attempt_list::iterator attempt) { finished_one(attempt, asio::error::no_memory); }

    void finished_one(attempt_list::iterator attempt, error_code const& result)
    {
        if (finished_)
            return;
        auto const is_given_up = !attempt->socket.is_open();
        auto const itself = !result && !is_given_up && is_its_own_peer(attempt->socket, attempt->endpoint);
        if (!result && !is_given_up && !itself) {
            outcome.ec = {};
            outcome.socket.emplace(std::move(attempt->socket));
            outcome.remote = attempt->endpoint;
            finish();
            return;
        }
        if (is_given_up)
            outcome.ec = asio::error::timed_out;
        else
            outcome.ec = itself ? error_code(asio::error::connection_refused) : result;
        attempts_.erase(attempt);
        start_next();
    }

    void finish() noexcept
    {
        finished_ = true;
        disarm();
        // Only closed, not erased: the handlers still hold their iterators.
        for (auto& attempt : attempts_) {
            error_code ignored;
            attempt.socket.close(ignored);
        }
        done.cancel();
    }

    asio::any_io_executor executor_;
    std::shared_ptr<timers> timers_;
    std::vector<asio::ip::tcp::endpoint> endpoints_;
    attempt_list attempts_;
    std::size_t next_ = 0;
    bool finished_ = false;
};

} // namespace

std::vector<asio::ip::tcp::endpoint> interleave(std::vector<asio::ip::tcp::endpoint> const& endpoints)
{
    std::vector<asio::ip::tcp::endpoint> first;
    std::vector<asio::ip::tcp::endpoint> second;
    for (auto const& endpoint : endpoints) {
        auto const same = endpoint.address().is_v6() == endpoints.front().address().is_v6();
        (same ? first : second).push_back(endpoint);
    }
    std::vector<asio::ip::tcp::endpoint> mixed;
    mixed.reserve(endpoints.size());
    for (std::size_t index = 0; index < std::max(first.size(), second.size()); ++index) {
        if (index < first.size())
            mixed.push_back(first[index]);
        if (index < second.size())
            mixed.push_back(second[index]);
    }
    return mixed;
}

asio::awaitable<connected> connect(
    asio::any_io_executor executor, std::shared_ptr<timers> timers,
    std::vector<asio::ip::tcp::endpoint> endpoints, watchdog& dog, milliseconds limit)
{
    auto const attempts =
        std::make_shared<race>(std::move(executor), std::move(timers), std::move(endpoints));

    struct leaver
    {
        explicit leaver(race& of_)
            : of(of_)
        {}

        leaver(leaver const&) = delete;
        leaver& operator=(leaver const&) = delete;

        ~leaver() { of.leave(); }

        race& of;
    } const at_the_end(*attempts);

    dog.enter(phase::connect, limit, *attempts);
    attempts->start_next();
    if (!attempts->finished()) {
        error_code ignored;
        co_await attempts->done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    dog.leave();
    co_return std::move(attempts->outcome);
}

} // namespace fluxer::auth::net
