#ifndef FLUXER_AUTH_TEST_FAULTS_BOUND_HPP
#define FLUXER_AUTH_TEST_FAULTS_BOUND_HPP

#include "item.hpp"

#include <cstdint>
#include <string>

namespace fluxer::auth::faults {

/// What a number is expected to be: one number, or a range.
class bound
{
public:
    explicit bound(item const& from);

    bool holds(std::int64_t value) const noexcept { return value >= least_ && value <= most_; }

    std::string text() const;

private:
    std::int64_t least_;
    std::int64_t most_;
};

/// Mistakes of a script's run. Each is a line: what was expected, and what was seen.
class findings
{
public:
    void add(std::string what) { all_.push_back(std::move(what)); }

    void add(std::string const& where, std::string const& expected, std::string const& seen)
    {
        add(where + ": expected " + expected + ", seen " + seen);
    }

    void check(std::string const& where, bound const& expected, std::int64_t seen)
    {
        if (!expected.holds(seen))
            add(where, expected.text(), std::to_string(seen));
    }

    std::vector<std::string> const& all() const noexcept { return all_; }

private:
    std::vector<std::string> all_;
};

/// Short enough for a line, without line breaks.
std::string shown(std::string_view text);

} // namespace fluxer::auth::faults

#endif
