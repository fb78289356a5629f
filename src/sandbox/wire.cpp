#include "sandbox/wire.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>

namespace fluxer::auth::sandbox_detail {

namespace {

std::string_view reason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 204:
        return "No Content";
    case 302:
        return "Found";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 413:
        return "Payload Too Large";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    default:
        return "Status";
    }
}

void add(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ").append(value).append("\r\n");
}

std::string status_line(int status)
{
    return "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason(status)) + "\r\n";
}

} // namespace

std::string to_wire(reply const& answer, wire_options const& how)
{
    std::string out;
    out.reserve(512 + answer.body.size());
    out += status_line(answer.status);
    add(out, "date", how.date);
    add(out, "content-type", answer.content_type);
    if (answer.status != 204)
        add(out, "content-length", std::to_string(answer.body.size()));
    add(out, "connection", how.keep_alive ? "keep-alive" : "close");
    if (!how.request_id.empty())
        add(out, "x-request-id", how.request_id);
    for (auto const& [name, value] : answer.headers)
        add(out, name, value);
    out += "\r\n";
    if (!how.head && answer.status != 204)
        out += answer.body;
    return out;
}

std::string rejection(int status)
{
    return status_line(status) + "connection: close\r\n\r\n";
}

std::string http_date()
{
    auto const now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    // Not strftime: names of days and months must not follow the locale.
    constexpr char const* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr char const* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[64];
    int const size = std::snprintf(
        text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[parts.tm_wday], parts.tm_mday,
        months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
    return std::string(text, static_cast<std::size_t>(size));
}

} // namespace fluxer::auth::sandbox_detail
