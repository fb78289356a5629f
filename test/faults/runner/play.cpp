#include "play.hpp"

#include "caller.hpp"

#include <fluxer/auth/rate.hpp>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

namespace fluxer::auth::faults {

namespace {

using namespace std::chrono_literals;

/// What has to happen by itself, and soon, takes at most this long.
constexpr auto soon = 8s;

std::size_t open_descriptors()
{
    auto const all = std::filesystem::directory_iterator("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// Whether the library converts international host names.
bool has_idn()
{
    try {
        return shared_rate_governor("https://b\u00FCcher.example") != nullptr;
    } catch (exception const&) {
        return false;
    }
}

bool has_ipv6()
{
    auto const made = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0)
        return false;
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    auto const good = ::bind(made, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(made);
    return good;
}

/// A file that is gone with its owner: the client's certificate can be given in no other way.
class temporary_file
{
public:
    explicit temporary_file(std::string const& text)
    {
        auto const descriptor = ::mkstemp(name_.data());
        if (descriptor >= 0)
            ::close(descriptor);
        std::ofstream(name_) << text;
    }

    temporary_file(temporary_file const&) = delete;
    temporary_file& operator=(temporary_file const&) = delete;

    ~temporary_file() { ::unlink(name_.c_str()); }

    std::string const& name() const noexcept { return name_; }

private:
    std::string name_ = "/tmp/fault_runner_XXXXXX";
};

class performance
{
public:
    explicit performance(script const& what)
        : what_(what)
        , hub_(std::make_shared<signals>())
        , events_(std::make_shared<event_log>(hub_, what.client.observer_throws))
        , resolver_(std::make_shared<scripted_resolver>(what.lookups, hub_))
        , server_(what.server, *hub_)
        , caller_(hub_, server_, events_)
    {}

    std::vector<std::string> run()
    {
        auto const deadline = std::chrono::steady_clock::now() + what_.limit;
        use_system_faults(what_.system);
        if (begin()) {
            caller_.run(what_.calls.actions, deadline);
            check_rest();
        }
        end();
        use_system_faults({});
        check_server();
        check_client();
        return std::move(found_);
    }

private:
    /// False: there is no client, so nothing happens.
    bool begin()
    {
        auto const& wanted = what_.expected.client_refused;
        try {
            caller_.make_client(options());
        } catch (exception const& e) {
            if (!wanted)
                add("the client's options are refused: " + e.error().to_string());
            else if (e.error().to_string().find(*wanted) == std::string::npos)
                add("expect.client_refused: expected " + shown(*wanted) + ", seen " + e.error().to_string());
            return false;
        }
        if (wanted)
            add("expect.client_refused: expected " + shown(*wanted) + ", seen no exception");
        return true;
    }

    client_options options()
    {
        auto options = what_.client.options;
        options.base_url = what_.client.base_url;
        place_port(options.base_url);
        place_port(options.proxy.url);
        if (what_.client.certificate) {
            auto const identity = what_.keys->root().issue();
            certificate_.emplace(identity.chain);
            key_.emplace(identity.key);
            options.tls.client_certificate_file = certificate_->name();
            options.tls.client_key_file = key_->name();
        }
        if (!what_.client.crl.empty()) {
            revoked_.emplace(what_.client.crl);
            options.tls.crl_file = revoked_->name();
        }
        options.resolver = [resolver = resolver_](std::string const&) { return resolver->look_up(); };
        return options;
    }

    void place_port(std::string& url)
    {
        constexpr std::string_view mark = "{port}";
        if (auto const at = url.find(mark); at != std::string::npos)
            url.replace(at, mark.size(), std::to_string(server_.port()));
    }

    /// Whatever the script: once all calls have ended, nothing is in use any more.
    void check_rest()
    {
        caller_.forget_cancellations();
        if (!caller_.all_ended() || !caller_.has_client())
            return;
        auto const at_rest = [this] {
            auto const now = caller_.client().stats();
            return now.calls_in_flight == 0 && now.calls_waiting == 0 && now.connections_in_use == 0;
        };
        if (!caller_.run_until(at_rest, soon))
            add("calls or connections are counted as in use though all calls have ended");
        auto const& stats = what_.expected.stats;
        static_cast<void>(caller_.run_until([&] { return stats.hold(caller_.client().stats()); }, 2s));
        auto const now = caller_.client().stats();
        stats.check(now, caller_.found());
        if (now.calls_started != now.calls_succeeded + now.calls_failed + now.calls_cancelled)
            add("the client's counters of calls that started and ended do not match");
    }

    /// Whatever the script: without the client nothing is left that goes on, and every connection is closed.
    void end()
    {
        caller_.drop_client();
        hub_->finish();
        if (caller_.all_ended()) {
            auto& context = caller_.context();
            context.restart();
            if (!caller_.run_until([&] { return context.stopped(); }, soon))
                add("work goes on after the end of the client and its calls");
            if (auto const open = events_->unbalanced(); !open.empty())
                add("events without their end: " + open);
            if (!server_.wait_for_ends(soon))
                add("a connection stayed open after the end of the client");
        }
        server_.close();
        auto secrets = what_.calls.secrets;
        secrets.insert(secrets.end(), what_.client.secrets.begin(), what_.client.secrets.end());
        caller_.check_calls(secrets);
    }

    void check_server()
    {
        auto const& expected = what_.expected;
        auto const records = server_.records();
        auto const sum = [&](auto member) {
            std::int64_t total = 0;
            for (auto const& record : records)
                total += static_cast<std::int64_t>(record.*member);
            return total;
        };
        check("connections", expected.connections, static_cast<std::int64_t>(records.size()));
        check("handshakes", expected.handshakes, sum(&connection_record::handshaken));
        check("handshakes_resumed", expected.handshakes_resumed, sum(&connection_record::resumed));
        check("requests", expected.requests, sum(&connection_record::requests));
        check("bytes_after_close", expected.bytes_after_close, sum(&connection_record::bytes_after_close));
        check("close_notifies", expected.close_notifies, sum(&connection_record::said_close_notify));
        check_each(records);
        for (auto const& problem : server_.problems())
            add(problem);
    }

    void check_each(std::vector<connection_record> const& records)
    {
        auto const& expected = what_.expected;
        if (auto const& list = expected.requests_per_connection) {
            if (list->size() != records.size())
                add("expect.server.requests_per_connection: expected " + std::to_string(list->size()) +
                    " connections, seen " + std::to_string(records.size()));
            for (std::size_t index = 0; index < std::min(list->size(), records.size()); ++index)
                check(
                    "requests_per_connection[" + std::to_string(index) + "]", (*list)[index],
                    static_cast<std::int64_t>(records[index].requests));
        }
        for (auto const& record : records) {
            auto const& hello = record.hello;
            if (expected.server_name && (expected.server_name->has_value() != hello.has_server_name ||
                                         expected.server_name->value_or("") != hello.server_name))
                add("expect.server.server_name: expected " + shown(expected.server_name->value_or("none")) +
                    ", seen " + shown(hello.has_server_name ? hello.server_name : "none"));
            if (expected.protocols && *expected.protocols != hello.protocols)
                add("expect.server.protocols: expected " + shown(*expected.protocols) + ", seen " +
                    shown(hello.protocols));
        }
    }

    void check_client()
    {
        if (auto const& lookups = what_.expected.lookups)
            if (auto const seen = static_cast<std::int64_t>(resolver_->lookups()); !lookups->holds(seen))
                add("expect.lookups: expected " + lookups->text() + ", seen " + std::to_string(seen));
        for (auto const& [kind, wanted] : what_.expected.events)
            if (auto const seen = static_cast<std::int64_t>(events_->count(kind)); !wanted.holds(seen))
                add("expect.events." + kind + ": expected " + wanted.text() + ", seen " +
                    std::to_string(seen));
        for (auto const& [kind, words] : what_.expected.details)
            check_details(kind, words);
        if (auto const& pause = what_.expected.retry_pause)
            for (auto const seen : events_->pauses())
                if (!pause->holds(seen))
                    add("expect.retry_pause_ms: expected " + pause->text() + ", seen " +
                        std::to_string(seen));
        for (auto const& each : caller_.found().all())
            add(each);
    }

    void check_details(std::string const& kind, std::string const& words)
    {
        auto const said = events_->details(kind);
        if (said.empty())
            add("expect.details." + kind + ": there was no such event");
        for (auto const& each : said)
            if (each.find(words) == std::string::npos)
                add("expect.details." + kind + ": expected " + shown(words) + ", seen " + shown(each));
    }

    void check(std::string const& name, std::optional<bound> const& expected, std::int64_t seen)
    {
        if (expected && !expected->holds(seen))
            add("expect.server." + name + ": expected " + expected->text() + ", seen " +
                std::to_string(seen));
    }

    void add(std::string what) { found_.push_back(std::move(what)); }

    script const& what_;
    std::shared_ptr<signals> hub_;
    std::shared_ptr<event_log> events_;
    std::shared_ptr<scripted_resolver> resolver_;
    std::optional<temporary_file> certificate_;
    std::optional<temporary_file> key_;
    std::optional<temporary_file> revoked_;
    stage server_;
    caller caller_;
    std::vector<std::string> found_;
};

/// Empty if the need is met.
std::string why_not(std::string const& need)
{
    if (need == "ipv6" && !has_ipv6())
        return "this machine has no IPv6";
    if (need == "idn" && !has_idn())
        return "this library is built without libidn2";
    if (need == "no_idn" && has_idn())
        return "this library is built with libidn2";
    return {};
}

} // namespace

verdict play(script const& what)
{
    verdict made;
    for (auto const& need : what.needs)
        if (auto reason = why_not(need); !reason.empty())
            made.skipped = std::move(reason);
    if (!made.skipped.empty())
        return made;
    auto const before = open_descriptors();
    {
        performance now(what);
        made.found = now.run();
    }
    // A lookup that the script let go may still be on its way out, but it holds none.
    if (auto const after = open_descriptors(); after != before)
        made.found.push_back(
            "descriptors: " + std::to_string(before) + " open before, " + std::to_string(after) + " after");
    return made;
}

} // namespace fluxer::auth::faults
