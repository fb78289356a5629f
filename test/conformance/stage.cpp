#include "stage.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace fluxer::auth::conformance {

namespace {

constexpr std::string_view length_name = "Content-Length";

bool may_have_body(int status, std::string_view method) noexcept
{
    return method != "HEAD" && status >= 200 && status != 204 && status != 304;
}

std::string hex(std::size_t number)
{
    std::array<char, 20> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    return std::string(digits.data(), end);
}

std::string chunked(std::string const& body)
{
    auto const first = body.empty() ? std::string() : hex(body.size()) + "\r\n" + body + "\r\n";
    return first + "0\r\n\r\n";
}

void set_length(header_list& headers, std::size_t length)
{
    auto const found = std::find_if(headers.begin(), headers.end(), [](header const& field) {
        return same_name(field.name, length_name);
    });
    if (found == headers.end())
        headers.emplace_back(std::string(length_name), std::to_string(length));
    else
        found->value = std::to_string(length);
}

// The protocol's version is the connection's, not the answer's: a recording made by an HTTP/1.0 client says nothing
// about a library that sends HTTP/1.1.
std::string status_line(recorded_response const& response)
{
    auto line = response.status_line;
    if (line.starts_with("HTTP/1.0"))
        line[7] = '1';
    return line;
}

/// The body with its framing; the headers may get a length.
std::string frame_body(recorded_response const& response, header_list& headers, bool closes)
{
    if (has_word(headers, "Transfer-Encoding", "chunked"))
        return chunked(response.body);
    if (find_header(headers, length_name) != nullptr || !closes)
        set_length(headers, response.body.size());
    return response.body;
}

} // namespace

staged_answer stage_answer(recorded_response const& response, std::string_view to_method)
{
    staged_answer staged;
    staged.headers = response.headers;
    staged.closes = has_word(response.headers, "Connection", "close");
    std::string body;
    if (may_have_body(response.status, to_method))
        body = frame_body(response, staged.headers, staged.closes);
    staged.bytes = status_line(response) + "\r\n";
    for (auto const& field : staged.headers)
        staged.bytes += field.name + ": " + field.value + "\r\n";
    staged.bytes += "\r\n" + body;
    return staged;
}

stage::stage()
    : stage(test::authority())
{}

stage::stage(test::authority const& issuer)
    : certificates_(issuer.pem())
    , server_(issuer.issue(), [this](test::peer& client) { serve(client); })
{}

void stage::set(staged_answer answer)
{
    std::lock_guard const lock(mutex_);
    answer_ = std::move(answer);
    arrived_.clear();
}

std::vector<std::string> stage::arrived() const
{
    std::lock_guard const lock(mutex_);
    return arrived_;
}

void stage::serve(test::peer& client)
{
    if (!client.handshake())
        return;
    for (;;) {
        auto request = client.read_request();
        if (request.empty())
            return;
        staged_answer answer;
        {
            std::lock_guard const lock(mutex_);
            arrived_.push_back(std::move(request));
            answer = answer_;
        }
        if (!client.send(answer.bytes))
            return;
        if (answer.closes)
            return client.close_notify();
    }
}

} // namespace fluxer::auth::conformance
