#ifndef FLUXER_AUTH_TEST_FAULTS_ITEM_HPP
#define FLUXER_AUTH_TEST_FAULTS_ITEM_HPP

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::faults {

/// A script that cannot be understood. The text names the place.
class script_error : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/// A value of a script and where it stands. Whatever it is asked for and is not, is a script_error.
class item
{
public:
    item(boost::json::value const& value, std::string path)
        : value_(&value)
        , path_(std::move(path))
    {}

    boost::json::value const& value() const noexcept { return *value_; }

    std::string const& path() const noexcept { return path_; }

    std::string text() const;
    bool flag() const;
    std::int64_t integer(
        std::int64_t least = 0, std::int64_t most = std::numeric_limits<std::int64_t>::max()) const;
    std::chrono::milliseconds milliseconds() const;
    std::size_t size() const;
    std::vector<item> list() const;
    /// Strings; a single one stands for a list of one.
    std::vector<std::string> texts() const;
    /// One of these words.
    std::size_t choice(std::vector<std::string_view> const& words) const;

    bool is_object() const noexcept { return value_->is_object(); }

    [[noreturn]] void fail(std::string const& problem) const;

private:
    boost::json::value const* value_;
    std::string path_;
};

/// The members of an object. Each is asked for by name; finish() complains about those that nobody asked for.
class members
{
public:
    explicit members(item of);

    std::optional<item> find(std::string_view name);
    item need(std::string_view name);

    std::string text(std::string_view name, std::string absent = {});
    bool flag(std::string_view name, bool absent = false);
    std::int64_t integer(std::string_view name, std::int64_t absent, std::int64_t least = 0);
    std::chrono::milliseconds milliseconds(std::string_view name, std::chrono::milliseconds absent);
    /// A time as its distance from now, of at most a hundred years: certificates cannot name every other one.
    std::int64_t seconds_from_now(std::string_view name, std::int64_t absent);

    /// For objects with one key of many: the one that is there beside those asked for.
    item only();

    item const& self() const noexcept { return of_; }

    void finish() const;

private:
    bool asked(std::string_view name) const noexcept;

    item of_;
    boost::json::object const* object_;
    std::vector<std::string> known_{"comment"};
};

} // namespace fluxer::auth::faults

#endif
