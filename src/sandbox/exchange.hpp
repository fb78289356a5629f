#ifndef FLUXER_AUTH_SANDBOX_EXCHANGE_HPP
#define FLUXER_AUTH_SANDBOX_EXCHANGE_HPP

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxer::auth::sandbox_detail {

using header_list = std::vector<std::pair<std::string, std::string>>;

struct request
{
    std::string method;
    std::string target;
    header_list headers;
    std::string body;

    /// Value of the first header of that name, whatever its case; empty if there is none.
    std::string_view header(std::string_view name) const;

    std::string_view path() const;
    std::string_view query() const;
};

struct reply
{
    int status = 200;
    std::string body;
    std::string_view content_type = "application/json";
    header_list headers;
};

} // namespace fluxer::auth::sandbox_detail

#endif
