#ifndef FLUXER_AUTH_HTTP_RESPONSE_READER_HPP
#define FLUXER_AUTH_HTTP_RESPONSE_READER_HPP

#include "core/secret_buffer.hpp"
#include "http/body_reader.hpp"
#include "wire/answer.hpp"

#include <fluxer/auth/error.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::http {

struct reader_limits
{
    std::size_t max_header_bytes = 32 * 1024; ///< of all headers of one answer, interim answers included
    std::size_t max_body_bytes = 1024 * 1024;
    bool answers_head = false; ///< no body follows, whatever the header says of one (RFC 9112 §6.3)
};

enum class reader_state { need_more, done, failed };

/// Reads one answer from bytes that arrive in any pieces, and decides whether the connection may be used again. It
/// does no I/O. Stricter than Beast's parser, which it stands on: whatever could be understood in two ways is a
/// protocol error (RFC 9112 §6.3, §11.2).
class response_reader
{
public:
    explicit response_reader(reader_limits limits);
    ~response_reader();
    response_reader(response_reader const&) = delete;
    response_reader& operator=(response_reader const&) = delete;

    reader_state feed(std::string_view bytes);

    /// The server ended the connection; `orderly`: with close_notify, so that nothing can have been cut off.
    reader_state end_of_stream(bool orderly);

    /// Whether a part of a header has come, and no more than that.
    bool in_header() const noexcept { return !pending_.empty() && !in_body(); }

    /// Whether the header is complete.
    bool in_body() const noexcept;

    /// Whether any byte came.
    bool started() const noexcept { return started_; }

    /// After done: exactly one answer came, in a form that leaves no doubt where it ended.
    bool reusable() const noexcept;

    /// After done: more bytes came than the answer has.
    bool surplus() const noexcept { return !pending_.empty(); }

    /// `Keep-Alive: timeout`, if the server announced one.
    std::optional<std::chrono::seconds> keep_alive() const noexcept;

    /// `Keep-Alive: max`: how many requests more the server will take on this connection, if it said so.
    std::optional<unsigned> requests_left() const noexcept;

    /// After failed.
    errc problem() const noexcept { return problem_; }

    std::string const& message() const noexcept { return message_; }

    wire::answer& answer() noexcept { return answer_; }

private:
    class parser;

    reader_state step(std::string_view& rest);
    reader_state read_header(std::string_view& rest);
    reader_state read_body(std::string_view& rest);
    reader_state after_header();
    void begin_body();
    bool is_bodiless_status() const noexcept;
    reader_state fail(errc problem, std::string message);
    void drop(std::size_t count);

    reader_limits limits_;
    wire::answer answer_;
    core::secret_buffer pending_; // not understood yet
    body_reader body_;
    // Of the parser, whose header is too heavy for this one; memory of its own would be one more allocation per call.
    alignas(std::max_align_t) std::array<std::byte, 192> parser_room_;
    parser* parser_;
    std::size_t header_bytes_ = 0;
    std::size_t header_seen_ = 0; ///< of the header that has not come whole
    unsigned interim_answers_ = 0;
    bool started_ = false;
    bool done_ = false;
    errc problem_ = errc::protocol_error;
    std::string message_;
};

} // namespace fluxer::auth::http

#endif
