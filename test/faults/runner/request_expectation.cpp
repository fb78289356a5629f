#include "request_expectation.hpp"

#include "bound.hpp"
#include "values.hpp"

#include <algorithm>
#include <cctype>

namespace fluxer::auth::faults {

namespace {

bool same_name(std::string_view left, std::string_view right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    });
}

std::optional<std::string_view> header_in(std::string_view head, std::string_view name)
{
    for (auto at = head.find("\r\n"); at != std::string_view::npos;) {
        auto const line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        auto const colon = line.find(':');
        if (colon != std::string_view::npos && same_name(line.substr(0, colon), name)) {
            auto const value = line.substr(colon + 1);
            auto const first = value.find_first_not_of(' ');
            return first == std::string_view::npos ? std::string_view() : value.substr(first);
        }
        at = head.find("\r\n", at + 2);
    }
    return std::nullopt;
}

} // namespace

request_expectation::request_expectation(item const& from)
    : path_(from.path())
{
    members fields(from);
    if (auto const method = fields.find("method"))
        method_ = method->text();
    if (auto const target = fields.find("target"))
        target_ = target->text();
    if (auto const headers = fields.find("headers")) {
        members each(*headers);
        for (auto const& [name, value] : headers->value().get_object()) {
            std::string const text(name.data(), name.size());
            headers_.emplace_back(text, each.need(text).text());
        }
    }
    if (auto const absent = fields.find("absent_headers"))
        absent_headers_ = absent->texts();
    if (auto const bytes = fields.find("bytes"))
        bytes_ = bytes_of(*bytes);
    if (auto const body = fields.find("body"))
        body_ = bytes_of(*body);
    if (auto const part = fields.find("body_contains"))
        body_contains_ = bytes_of(*part);
    optional_ = fields.flag("optional");
    fields.finish();
}

void request_expectation::check(
    std::string_view request, std::function<void(std::string)> const& report) const
{
    auto const end = request.find("\r\n\r\n");
    auto const head = request.substr(0, end);
    auto const body = request.substr(end + 4);
    auto const line = head.substr(0, head.find("\r\n"));
    auto const blank = line.find(' ');
    auto const method = line.substr(0, blank);
    auto const target = line.substr(blank + 1, line.rfind(' ') - blank - 1);
    auto const differs = [&](std::string_view what, std::string_view expected, std::string_view seen) {
        report(path_ + "." + std::string(what) + ": expected " + shown(expected) + ", seen " + shown(seen));
    };
    if (bytes_ && *bytes_ != request)
        differs("bytes", *bytes_, request);
    if (method_ && *method_ != method)
        differs("method", *method_, method);
    if (target_ && *target_ != target)
        differs("target", *target_, target);
    for (auto const& [name, value] : headers_) {
        auto const seen = header_in(head, name);
        if (seen != std::optional<std::string_view>(value))
            differs("headers." + name, value, seen.value_or("no such header"));
    }
    for (auto const& name : absent_headers_)
        if (auto const seen = header_in(head, name))
            differs("absent_headers." + name, "no such header", *seen);
    if (body_ && *body_ != body)
        differs("body", *body_, body);
    if (body_contains_ && body.find(*body_contains_) == std::string_view::npos)
        differs("body_contains", *body_contains_, body);
}

} // namespace fluxer::auth::faults
