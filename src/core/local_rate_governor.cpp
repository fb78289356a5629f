#include "core/leaky_buckets.hpp"
#include "core/origin.hpp"

#include <fluxer/auth/clock.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_to.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <mutex>
#include <utility>

namespace fluxer::auth {

namespace {

namespace json = boost::json;

/// Logins of a process whose users are remembered; a session is forgotten after that many further ones.
constexpr std::size_t most_sessions = 65'536;
constexpr std::int64_t longest_saved = 24LL * 60 * 60 * 1'000;

std::int64_t wall_clock()
{
    return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()).time_since_epoch().count();
}

/// Whose requests are whose: all sessions of a user are counted together.
class session_owners
{
public:
    void add(std::string_view session, std::string_view user_id)
    {
        auto const [place, is_new] =
            users_.insert_or_assign(std::string(session), "user:" + std::string(user_id));
        if (!is_new)
            return;
        oldest_first_.push_back(place->first);
        if (oldest_first_.size() > most_sessions) {
            users_.erase(oldest_first_.front());
            oldest_first_.pop_front();
        }
    }

    std::string const* find(std::string const& session) const
    {
        auto const place = users_.find(session);
        return place == users_.end() ? nullptr : &place->second;
    }

private:
    std::unordered_map<std::string, std::string> users_;
    std::deque<std::string> oldest_first_;
};

/// What is more than the greatest counts as that: a limit that is no limit, or a time that is longer than any.
std::optional<std::int64_t> number_in(
    json::object const& from, std::string_view name, std::int64_t least,
    std::int64_t greatest = longest_saved)
{
    auto const* const member = from.if_contains(name);
    auto const* const number = member == nullptr ? nullptr : member->if_int64();
    if (number == nullptr || *number < least)
        return std::nullopt;
    return std::min(*number, greatest);
}

std::optional<std::string> text_in(json::object const& from, std::string_view name)
{
    auto const* const member = from.if_contains(name);
    auto const* const text = member == nullptr ? nullptr : member->if_string();
    if (text == nullptr || text->find('\0') != json::string::npos)
        return std::nullopt;
    return std::string(*text);
}

using saved_bucket = std::pair<rate_limit_key, core::bucket_level>;

std::optional<saved_bucket> read_bucket(json::value const& from)
{
    auto const* const object = from.if_object();
    if (object == nullptr)
        return std::nullopt;
    auto const bucket = text_in(*object, "bucket");
    auto const subject = text_in(*object, "subject");
    auto const limit = number_in(*object, "limit", 1, std::numeric_limits<unsigned>::max());
    auto const window = number_in(*object, "window_ms", 1);
    auto const empty_in = number_in(*object, "empty_in_ms", 0);
    auto const blocked_for = number_in(*object, "blocked_for_ms", 0);
    if (!bucket || !subject || !limit || !window || !empty_in || !blocked_for)
        return std::nullopt;
    saved_bucket read;
    read.first.bucket = *bucket;
    read.first.subject = *subject;
    read.second.limit = static_cast<unsigned>(*limit);
    read.second.window = milliseconds(*window);
    read.second.empty_in = milliseconds(*empty_in);
    read.second.blocked_for = milliseconds(*blocked_for);
    return read;
}

} // namespace

rate_governor::~rate_governor() = default;

bool rate_governor::concerns(auth::operation, bool) const noexcept
{
    return true;
}

void rate_governor::introduce(std::string_view, std::string_view) {}

struct local_rate_governor::state
{
    core::leaky_buckets::time_point now() const
    {
        return clock ? clock->now() : std::chrono::steady_clock::now();
    }

    /// Those that count now, with users in place of sessions whose users are known.
    std::vector<rate_limit_key> counted(std::vector<rate_limit_key> const& keys) const
    {
        std::vector<rate_limit_key> counted;
        for (auto const& key : keys) {
            if (!has_limits && !is_guard(key))
                continue;
            counted.push_back(key);
            if (auto const* const user = owners.find(key.subject))
                counted.back().subject = *user;
        }
        return counted;
    }

    /// What costs a session is guarded before anything is known of the server.
    static bool is_guard(rate_limit_key const& key)
    {
        return key.scope == rate_scope::global && key.subject.starts_with("session:");
    }

    std::shared_ptr<auth::clock> clock;
    mutable std::mutex mutex;
    core::leaky_buckets buckets;
    session_owners owners;
    std::atomic<bool> has_limits{false};
};

local_rate_governor::local_rate_governor(std::shared_ptr<auth::clock> clock)
    : state_(std::make_unique<state>())
{
    state_->clock = std::move(clock);
}

local_rate_governor::~local_rate_governor() = default;

bool local_rate_governor::concerns(auth::operation, bool has_session) const noexcept
{
    return has_session || state_->has_limits.load(std::memory_order_relaxed);
}

void local_rate_governor::acquire(rate_request const& request, rate_reply reply)
{
    rate_verdict verdict;
    {
        std::lock_guard const lock(state_->mutex);
        auto const keys = state_->counted(request.keys);
        verdict = state_->buckets.ask(request.ticket, keys, state_->now());
    }
    reply(std::move(verdict));
}

// Whoever withdraws may not have heard the answer yet.
void local_rate_governor::withdraw(rate_request const& request, bool)
{
    std::lock_guard const lock(state_->mutex);
    state_->buckets.leave(request.ticket);
    state_->buckets.give_back(request.ticket, state_->now());
}

void local_rate_governor::learn(rate_request const& request, rate_answer const& answer)
{
    std::lock_guard const lock(state_->mutex);
    if (answer.announces_limits || answer.status == 429)
        state_->has_limits = true;
    state_->buckets.learn(request.ticket, state_->counted(request.keys), answer, state_->now());
}

void local_rate_governor::introduce(std::string_view session, std::string_view user_id)
{
    std::lock_guard const lock(state_->mutex);
    state_->owners.add(session, user_id);
}

json::value local_rate_governor::save() const
{
    std::lock_guard const lock(state_->mutex);
    json::array buckets;
    state_->buckets.for_each(
        state_->now(),
        [&](std::string const& bucket, std::string const& subject, core::bucket_level const& level) {
            json::object one;
            one["bucket"] = bucket;
            one["subject"] = subject;
            one["limit"] = static_cast<std::int64_t>(level.limit);
            one["window_ms"] = static_cast<std::int64_t>(level.window.count());
            one["empty_in_ms"] = static_cast<std::int64_t>(level.empty_in.count());
            one["blocked_for_ms"] = static_cast<std::int64_t>(level.blocked_for.count());
            buckets.push_back(std::move(one));
        });
    json::object saved;
    saved["version"] = 1;
    saved["saved_at_ms"] = wall_clock();
    saved["has_limits"] = state_->has_limits.load();
    saved["buckets"] = std::move(buckets);
    return saved;
}

bool local_rate_governor::restore(json::value const& saved)
{
    auto const* const object = saved.if_object();
    auto const* const version = object == nullptr ? nullptr : object->if_contains("version");
    if (version == nullptr || version->if_int64() == nullptr || version->get_int64() != 1)
        return false;
    auto const* const at = object->if_contains("saved_at_ms");
    auto const* const flag = object->if_contains("has_limits");
    auto const* const list = object->if_contains("buckets");
    if (at == nullptr || !at->is_int64() || at->get_int64() < 0 || flag == nullptr || !flag->is_bool() ||
        list == nullptr || !list->is_array())
        return false;
    std::vector<saved_bucket> all;
    for (auto const& entry : list->get_array()) {
        auto read = read_bucket(entry);
        if (!read)
            return false;
        all.push_back(*std::move(read));
    }
    // A clock that was set back meanwhile makes no count longer than it was.
    milliseconds const passed(std::clamp<std::int64_t>(wall_clock() - at->get_int64(), 0, longest_saved));
    std::lock_guard const lock(state_->mutex);
    if (flag->get_bool())
        state_->has_limits = true;
    for (auto& [key, level] : all) {
        level.empty_in = std::max(level.empty_in - passed, milliseconds(0));
        level.blocked_for = std::max(level.blocked_for - passed, milliseconds(0));
        state_->buckets.add(key, level, state_->now());
    }
    return true;
}

std::size_t local_rate_governor::size() const
{
    std::lock_guard const lock(state_->mutex);
    return state_->buckets.size();
}

bool local_rate_governor::is_at_rest() const
{
    std::lock_guard const lock(state_->mutex);
    return state_->buckets.is_at_rest(state_->now());
}

namespace {

/// The governors of this process, by host and port. They are kept though no client has them: one that is made anew must
/// not forget what its predecessor used up. Not safe for threads.
class governor_table
{
public:
    std::shared_ptr<local_rate_governor> get(std::string host)
    {
        auto const found = all_.find(host);
        if (found != all_.end())
            return found->second;
        // As many as are added, and one more, so that they do not become more and more.
        for (auto left = 2; left > 0 && all_.size() >= enough; --left)
            visit_next();
        return all_.emplace(std::move(host), std::make_shared<local_rate_governor>()).first->second;
    }

private:
    static constexpr std::size_t enough = 64;

    void visit_next()
    {
        auto place = all_.upper_bound(visited_);
        if (place == all_.end())
            place = all_.begin();
        visited_ = place->first;
        if (place->second.use_count() == 1 && place->second->is_at_rest())
            all_.erase(place);
    }

    std::map<std::string, std::shared_ptr<local_rate_governor>> all_;
    std::string visited_;
};

} // namespace

std::shared_ptr<local_rate_governor> shared_rate_governor(std::string_view base_url)
{
    static std::mutex mutex;
    static governor_table all;
    std::string problem;
    auto const origin = core::parse_origin(base_url, problem, core::plain_http::allowed);
    if (!origin) {
        error_info info;
        info.code = errc::invalid_option;
        info.message = "base_url " + problem;
        throw exception(error(std::move(info)));
    }
    std::lock_guard const lock(mutex);
    return all.get(origin->host + ':' + std::to_string(origin->port));
}

} // namespace fluxer::auth
