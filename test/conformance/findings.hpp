#ifndef FLUXER_AUTH_TEST_CONFORMANCE_FINDINGS_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_FINDINGS_HPP

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxer::auth::conformance {

/// What does not agree with a recording. Names only, never values: they may be tokens and passwords.
class findings
{
public:
    void add(std::string what) { all_.push_back(std::move(what)); }

    void differs(std::string_view name) { add(std::string(name) + " differs"); }

    void expect(bool holds, std::string_view name)
    {
        if (!holds)
            differs(name);
    }

    /// Everything of another check, with the place where it was found.
    void take(std::string_view place, findings const& others)
    {
        for (auto const& what : others.all_)
            add(std::string(place) + ": " + what);
    }

    bool empty() const noexcept { return all_.empty(); }

    std::string joined() const
    {
        std::string line;
        for (auto const& what : all_)
            line += (line.empty() ? "" : "; ") + what;
        return line;
    }

private:
    std::vector<std::string> all_;
};

} // namespace fluxer::auth::conformance

#endif
