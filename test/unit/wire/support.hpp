#ifndef FLUXER_AUTH_TEST_UNIT_WIRE_SUPPORT_HPP
#define FLUXER_AUTH_TEST_UNIT_WIRE_SUPPORT_HPP

#include "wire/codec.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fluxer::auth::test {

inline std::string body_of(wire::encoded const& made)
{
    auto const* request = std::get_if<wire::request>(&made);
    if (request == nullptr)
        return "refused";
    return request->body ? std::string(request->body->view()) : "no body";
}

inline std::string target_of(wire::encoded const& made)
{
    auto const* request = std::get_if<wire::request>(&made);
    return request == nullptr ? "refused" : std::string(request->target.view());
}

/// "path CODE" of each error, joined by ", "; empty if the request was accepted.
inline std::string complaints(wire::encoded const& made)
{
    std::string text;
    if (auto const* errors = std::get_if<std::vector<field_error>>(&made))
        for (auto const& error : *errors)
            text += (text.empty() ? "" : ", ") + error.path + ' ' + error.code;
    return text;
}

template <class T>
std::optional<T> decoded(std::string_view body)
{
    std::string problem;
    return wire::decode<T>(body, problem);
}

template <class T>
std::string problem_of(std::string_view body)
{
    std::string problem;
    return wire::decode<T>(body, problem) ? "none" : problem;
}

inline std::string repeated(std::string_view part, std::size_t times)
{
    std::string text;
    for (std::size_t index = 0; index < times; ++index)
        text += part;
    return text;
}

using headers = std::vector<std::pair<std::string, std::string>>;

inline wire::answer answer_of(int status, std::string_view body, headers const& fields = {})
{
    wire::answer answer;
    answer.status = status;
    for (auto const& [name, value] : fields)
        answer.headers.add(name, value);
    answer.body.append(body);
    return answer;
}

inline error_info error_of(int status, std::string_view body, headers const& fields = {})
{
    error_info info;
    wire::decode_error(answer_of(status, body, fields), info);
    return info;
}

/// One character that counts two UTF-16 units.
inline constexpr std::string_view astral = "\xF0\x9F\x98\x80";

} // namespace fluxer::auth::test

#endif
