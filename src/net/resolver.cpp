#include "net/resolver.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

namespace fluxer::auth::net {

namespace {

/// Threads that a name server without an answer may cost.
constexpr long most_lookups = 4;

std::vector<std::string> ask_the_system(std::string const& host)
{
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (auto const code = ::getaddrinfo(host.c_str(), nullptr, &hints, &list); code != 0)
        throw std::runtime_error(::gai_strerror(code));
    std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> const owner(list, &::freeaddrinfo);
    std::vector<std::string> addresses;
    for (auto const* entry = list; entry != nullptr; entry = entry->ai_next) {
        char text[NI_MAXHOST];
        if (::getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) ==
            0)
            addresses.emplace_back(text);
    }
    return addresses;
}

} // namespace

/// One caller's place in a lookup. Its thread touches the executor only while a ticket exists, and a ticket lives in
/// a coroutine of that executor's context: so never after the context is gone.
class resolver::ticket : public abortable
{
public:
    ticket(asio::any_io_executor const& executor, std::shared_ptr<lookup> of);
    ticket(ticket const&) = delete;
    ticket& operator=(ticket const&) = delete;
    ~ticket();

    void abort() noexcept override { timer->cancel(); }

    std::shared_ptr<asio::steady_timer> timer;

private:
    std::shared_ptr<lookup> of_;
};

struct resolver::lookup
{
    explicit lookup(std::shared_ptr<executor_gate> way_back_)
        : way_back(std::move(way_back_))
    {}

    std::shared_ptr<executor_gate> const way_back;
    std::mutex mutex;
    bool finished = false;
    std::vector<std::string> addresses;
    std::string problem;
    std::vector<ticket*> tickets;

    /// @param counted let go of before anybody is told: who asks next must not find this one still running
    void run(lookup_function const& function, std::string const& host, std::shared_ptr<void> counted)
    {
        std::vector<std::string> found;
        std::string why;
        try {
            try {
                found = function(host);
            } catch (std::exception const& e) {
                why = e.what();
            } catch (...) {
                why = "the resolver failed";
            }
        } catch (std::bad_alloc const&) { // NOLINT(bugprone-empty-catch): there is no memory to say why
        }
        counted.reset();
        std::lock_guard const lock(mutex);
        finished = true;
        addresses = std::move(found);
        problem = std::move(why);
        for (auto* waiting : tickets)
            tell(*waiting);
    }

private:
    /// On the lookup's own thread, where an exception would end the program.
    void tell(ticket const& waiting) noexcept;
};

void resolver::lookup::tell(ticket const& waiting) noexcept
{
    try {
        way_back->post([timer = waiting.timer] { timer->cancel(); });
    } catch (std::exception const&) {
        // Without memory it waits until its limit, and finds the answer then.
    }
}

resolver::ticket::ticket(asio::any_io_executor const& executor, std::shared_ptr<lookup> of)
    : timer(std::make_shared<asio::steady_timer>(executor, time_point::max()))
    , of_(std::move(of))
{
    std::lock_guard const lock(of_->mutex);
    of_->tickets.push_back(this);
    if (of_->finished)
        timer->expires_at(time_point::min());
}

resolver::ticket::~ticket()
{
    std::lock_guard const lock(of_->mutex);
    std::erase(of_->tickets, this);
}

resolver::resolver(
    asio::any_io_executor executor, std::string host, unsigned short port, lookup_function function,
    milliseconds remember)
    : executor_(std::move(executor))
    , host_(std::move(host))
    , port_(port)
    , lookup_(function ? std::move(function) : lookup_function(ask_the_system))
    , gate_(std::make_shared<executor_gate>(executor_))
    , remember_(remember)
    , thread_count_(std::make_shared<char>())
{
    error_code not_an_address;
    auto const address = asio::ip::make_address(host_, not_an_address);
    if (!not_an_address) {
        remembered_ = {asio::ip::tcp::endpoint(address, port_)};
        remembered_until_ = time_point::max();
    }
}

resolver::~resolver() = default;

void resolver::stop() noexcept
{
    gate_->close();
}

asio::awaitable<resolved> resolver::resolve(watchdog& dog, milliseconds limit)
{
    resolved answer;
    if (dog.now() < remembered_until_) {
        answer.endpoints = remembered_;
        co_return answer;
    }
    if (!running_ && !may_start_lookup()) {
        answer.ec = asio::error::host_not_found_try_again;
        answer.message = std::to_string(most_lookups) + " lookups of the host have no answer yet";
        co_return answer;
    }
    if (!running_)
        start_lookup();
    auto const shared = running_;
    {
        ticket mine(executor_, shared);
        dog.enter(phase::resolve, limit, mine);
        if (dog.interrupted() == interruption::none) {
            error_code ignored;
            co_await mine.timer->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        dog.leave();
    }
    std::lock_guard const lock(shared->mutex);
    if (!shared->finished) {
        // The lookup hangs, maybe for good. Whoever asks next begins a new one, even if others still wait for this.
        if (running_ == shared)
            running_.reset();
        answer.ec = asio::error::operation_aborted;
        co_return answer;
    }
    if (running_ == shared)
        running_.reset();
    for (auto const& text : shared->addresses) {
        error_code bad;
        auto const address = asio::ip::make_address(text, bad);
        if (!bad)
            answer.endpoints.emplace_back(address, port_);
    }
    if (answer.endpoints.empty()) {
        answer.ec = asio::error::host_not_found;
        answer.message = shared->problem.empty() ? "the host has no address" : shared->problem;
        co_return answer;
    }
    remembered_ = answer.endpoints;
    remembered_until_ = dog.now() + remember_;
    co_return answer;
}

bool resolver::may_start_lookup() const noexcept
{
    return thread_count_.use_count() - 1 < most_lookups;
}

void resolver::start_lookup()
{
    auto const made = std::make_shared<lookup>(gate_);
    std::thread([made, function = lookup_, host = host_, counted = thread_count_]() mutable {
        made->run(function, host, std::move(counted));
    }).detach();
    // Only now: without its thread nobody may wait for it.
    running_ = made;
}

} // namespace fluxer::auth::net
