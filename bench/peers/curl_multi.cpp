// libcurl's multi interface the fast way: one multi handle with its cache of connections, curl_multi_socket_action upon
// epoll, one easy handle per request in flight, used again and again, so that each keeps its TLS sessions.

#include "support/idle_memory.hpp"
#include "support/login.hpp"
#include "support/meter.hpp"
#include "support/peer.hpp"

#include <curl/curl.h>

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

using namespace fluxer::auth::bench;

/// The watched descriptors. Curl takes a descriptor out after each request and puts it in again for the next; that
/// costs system calls only where it is still different when the loop waits, as with libev.
class watch_list
{
public:
    watch_list()
        : epoll_(epoll_create1(EPOLL_CLOEXEC))
    {}

    watch_list(watch_list const&) = delete;
    watch_list& operator=(watch_list const&) = delete;

    ~watch_list() { close(epoll_); }

    void want(curl_socket_t socket, int what)
    {
        auto& entry = entries_[socket];
        entry.wanted = events_for(what);
        if (!entry.queued) {
            entry.queued = true;
            changed_.push_back(socket);
        }
    }

    /// The descriptor is about to be closed, and its number may come back.
    void forget(curl_socket_t socket)
    {
        if (auto const found = entries_.find(socket); found != entries_.end()) {
            if (found->second.set != 0)
                epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, nullptr);
            entries_.erase(found);
        }
    }

    int wait(std::array<epoll_event, 256>& events, int milliseconds)
    {
        apply();
        auto const count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), milliseconds);
        if (count < 0 && errno != EINTR)
            throw std::runtime_error("epoll_wait");
        return count;
    }

private:
    struct watched
    {
        std::uint32_t set = 0; ///< within the kernel; 0: not there
        std::uint32_t wanted = 0;
        bool queued = false;
    };

    static std::uint32_t events_for(int what)
    {
        switch (what) {
        case CURL_POLL_IN:
            return EPOLLIN;
        case CURL_POLL_OUT:
            return EPOLLOUT;
        case CURL_POLL_INOUT:
            return EPOLLIN | EPOLLOUT;
        default:
            return 0;
        }
    }

    void apply()
    {
        for (auto const socket : changed_) {
            auto const found = entries_.find(socket);
            if (found == entries_.end())
                continue;
            auto& [set, wanted, queued] = found->second;
            queued = false;
            if (set == wanted)
                continue;
            epoll_event event{};
            event.events = wanted;
            event.data.fd = socket;
            auto const operation = set == 0 ? EPOLL_CTL_ADD : wanted == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
            if (epoll_ctl(epoll_, operation, socket, &event) != 0)
                throw std::runtime_error("epoll_ctl");
            set = wanted;
        }
        changed_.clear();
    }

    int epoll_;
    std::unordered_map<curl_socket_t, watched> entries_;
    std::vector<curl_socket_t> changed_;
};

struct list_deleter
{
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

using list_ptr = std::unique_ptr<curl_slist, list_deleter>;

list_ptr make_list(std::initializer_list<std::string> lines)
{
    curl_slist* made = nullptr;
    for (auto const& line : lines)
        made = curl_slist_append(made, line.c_str());
    return list_ptr(made);
}

/// One request at a time, with an easy handle that is used again.
class transfer
{
public:
    transfer(settings const& how, watch_list& watched, curl_slist* fields, curl_slist* addresses)
        : easy_(curl_easy_init())
    {
        auto const url = "https://" + host_header(how) + std::string(login_path);
        set(CURLOPT_URL, url.c_str());
        set(CURLOPT_RESOLVE, addresses);
        set(CURLOPT_CAINFO, how.ca_file.c_str());
        set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        set(CURLOPT_HTTPHEADER, fields);
        set(CURLOPT_USERAGENT, user_agent.data());
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_PRIVATE, this);
        set(CURLOPT_WRITEDATA, &answer_);
        set(CURLOPT_WRITEFUNCTION, &take);
        set(CURLOPT_CLOSESOCKETDATA, &watched);
        set(CURLOPT_CLOSESOCKETFUNCTION, &close_socket);
        auto const anew = how.mode == mode::new_full || how.mode == mode::new_resumed;
        set(CURLOPT_FORBID_REUSE, anew ? 1L : 0L);
    }

    transfer(transfer const&) = delete;
    transfer& operator=(transfer const&) = delete;

    ~transfer() { curl_easy_cleanup(easy_); }

    CURL* prepare()
    {
        begin_ = meter::clock::now();
        answer_.clear();
        body_ = login_body();
        set(CURLOPT_POSTFIELDS, body_.data());
        set(CURLOPT_POSTFIELDSIZE, static_cast<long>(body_.size()));
        return easy_;
    }

    login_answer finish(CURLcode code)
    {
        if (code != CURLE_OK)
            throw std::runtime_error(curl_easy_strerror(code));
        long status = 0;
        curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
        if (status != 200)
            throw std::runtime_error("an answer of another kind");
        return parse_login(answer_);
    }

    meter::clock::time_point begin() const { return begin_; }

    CURL* handle() const { return easy_; }

private:
    template <class Value>
    void set(CURLoption option, Value value)
    {
        if (curl_easy_setopt(easy_, option, value) != CURLE_OK)
            throw std::runtime_error("curl_easy_setopt");
    }

    static std::size_t take(char* data, std::size_t size, std::size_t count, void* answer)
    {
        static_cast<std::string*>(answer)->append(data, size * count);
        return size * count;
    }

    static int close_socket(void* watched, curl_socket_t socket)
    {
        static_cast<watch_list*>(watched)->forget(socket);
        return close(socket);
    }

    CURL* easy_;
    meter::clock::time_point begin_;
    std::string body_;
    std::string answer_;
};

/// The multi handle and its loop.
class program
{
public:
    explicit program(settings const& how)
        : multi_(curl_multi_init())
        , fields_(make_list(
              {"Accept: application/json", "Accept-Encoding: identity", "Content-Type: application/json"}))
        , addresses_(make_list({host_header(how) + ':' + std::string(host_address)}))
    {
        curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &watch);
        curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, &watched_);
        curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &set_timer);
        curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
        curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(how.in_flight));
        for (std::size_t count = 0; count < how.in_flight; ++count)
            transfers_.push_back(std::make_unique<transfer>(how, watched_, fields_.get(), addresses_.get()));
    }

    program(program const&) = delete;
    program& operator=(program const&) = delete;

    ~program()
    {
        for (auto const& one : transfers_)
            curl_multi_remove_handle(multi_, one->handle());
        curl_multi_cleanup(multi_);
    }

    void start(transfer& which)
    {
        if (curl_multi_add_handle(multi_, which.prepare()) != CURLM_OK)
            throw std::runtime_error("curl_multi_add_handle");
        ++running_;
    }

    std::vector<std::unique_ptr<transfer>> const& all() const { return transfers_; }

    /// Until nothing is in flight.
    /// @param ended is told of each transfer that has come to its end, and may start it again
    template <class Ended>
    void run(Ended&& ended)
    {
        std::array<epoll_event, 256> events;
        while (running_ > 0) {
            // What has just been started is sent before the next wait, so that its descriptor stays watched.
            while (timer_set_ && meter::clock::now() >= timer_) {
                timer_set_ = false;
                act_on(CURL_SOCKET_TIMEOUT, 0);
                collect(ended);
            }
            auto const count = running_ > 0 ? watched_.wait(events, wait_time()) : 0;
            for (int index = 0; index < count; ++index)
                act(events[static_cast<std::size_t>(index)]);
            collect(ended);
        }
    }

private:
    static int watch(CURL*, curl_socket_t socket, int what, void* watched, void*)
    {
        static_cast<watch_list*>(watched)->want(socket, what);
        return 0;
    }

    static int set_timer(CURLM*, long milliseconds, void* of)
    {
        auto& self = *static_cast<program*>(of);
        self.timer_set_ = milliseconds >= 0;
        if (self.timer_set_)
            self.timer_ = meter::clock::now() + std::chrono::milliseconds(milliseconds);
        return 0;
    }

    int wait_time() const
    {
        if (!timer_set_)
            return -1;
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(timer_ - meter::clock::now());
        return static_cast<int>(std::max<std::int64_t>(0, left.count()));
    }

    void act(epoll_event const& event)
    {
        auto const in = (event.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0;
        auto const out = (event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0;
        auto const failed = (event.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0;
        act_on(event.data.fd, in | out | failed);
    }

    void act_on(curl_socket_t socket, int what)
    {
        int running = 0;
        if (curl_multi_socket_action(multi_, socket, what, &running) != CURLM_OK)
            throw std::runtime_error("curl_multi_socket_action");
    }

    template <class Ended>
    void collect(Ended& ended)
    {
        int left = 0;
        while (auto const* const message = curl_multi_info_read(multi_, &left)) {
            auto const code = message->data.result;
            auto* const easy = message->easy_handle;
            transfer* done = nullptr;
            curl_easy_getinfo(easy, CURLINFO_PRIVATE, &done);
            curl_multi_remove_handle(multi_, easy);
            --running_;
            done->finish(code);
            ended(*done);
        }
    }

    CURLM* multi_;
    watch_list watched_;
    list_ptr fields_;
    list_ptr addresses_;
    std::vector<std::unique_ptr<transfer>> transfers_;
    std::size_t running_ = 0;
    bool timer_set_ = false;
    meter::clock::time_point timer_;
};

boost::json::object logins(settings const& how)
{
    program used(how);
    meter meter(how);
    for (auto const& one : used.all())
        used.start(*one);
    used.run([&](transfer& done) {
        if (meter.answered(done.begin()))
            used.start(done);
    });
    return meter.result();
}

/// Curl has no connection without a request, so that there is no figure of connections that served nothing.
boost::json::object idle(settings const& how)
{
    program used(how);
    auto const use = [&](std::size_t count) {
        for (std::size_t index = 0; index < count; ++index)
            used.start(*used.all()[index]);
        used.run([](transfer&) {});
    };
    use(1);
    idle_memory memory(how);
    use(how.in_flight);
    memory.all_connected();
    use(how.in_flight);
    memory.all_used();
    return memory.result();
}

boost::json::object work(settings const& how)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    switch (how.mode) {
    case mode::keep_alive:
    case mode::new_resumed:
    case mode::new_full:
        return logins(how);
    case mode::idle:
        return idle(how);
    default:
        refuse(how);
    }
}

} // namespace

int main(int count, char const* const* arguments)
{
    return run_peer("curl_multi", count, arguments, work);
}
