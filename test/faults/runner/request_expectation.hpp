#ifndef FLUXER_AUTH_TEST_FAULTS_REQUEST_EXPECTATION_HPP
#define FLUXER_AUTH_TEST_FAULTS_REQUEST_EXPECTATION_HPP

#include "item.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxer::auth::faults {

/// What a request that reaches the server has to be.
class request_expectation
{
public:
    explicit request_expectation(item const& from);

    std::string const& path() const noexcept { return path_; }

    /// Whether the client may as well send nothing.
    bool optional() const noexcept { return optional_; }

    void check(std::string_view request, std::function<void(std::string)> const& report) const;

private:
    std::string path_;
    std::optional<std::string> method_;
    std::optional<std::string> target_;
    std::vector<std::pair<std::string, std::string>> headers_;
    std::vector<std::string> absent_headers_;
    std::optional<std::string> bytes_;
    std::optional<std::string> body_;
    std::optional<std::string> body_contains_;
    bool optional_ = false;
};

} // namespace fluxer::auth::faults

#endif
