#ifndef FLUXER_AUTH_TEST_UNIT_HTTP_READER_SUPPORT_HPP
#define FLUXER_AUTH_TEST_UNIT_HTTP_READER_SUPPORT_HPP

#include "http/response_reader.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace fluxer::auth::test {

/// How the bytes end.
enum class ending { open, orderly, cut };

/// What came of reading: everything that a caller can see.
struct reading
{
    http::reader_state state = http::reader_state::need_more;
    std::optional<errc> problem;
    std::string message;
    int status = 0;
    std::string body;
    std::string headers; ///< "Name: value\n" each
    bool reusable = false;
    bool surplus = false;
    std::optional<std::chrono::seconds> keep_alive;
    std::optional<unsigned> requests_left;
};

/// Small limits, so that tests stay small.
http::reader_limits small_limits();

/// Feeds the bytes at once, one by one and in many random pieces, checks that it comes to the same each time, and
/// returns what it came to.
reading read_all(
    std::string_view bytes, ending how = ending::open, http::reader_limits limits = small_limits());

/// A whole answer that leaves the connection usable.
void check_good(std::string_view bytes, int status, std::string_view body);

/// A whole answer after which the connection is not to be used again.
void check_last(std::string_view bytes, int status, std::string_view body, ending how = ending::open);

/// A protocol error.
void check_refused(std::string_view bytes);

void check_problem(
    std::string_view bytes, errc problem, ending how = ending::open,
    http::reader_limits limits = small_limits());

void check_incomplete(std::string_view bytes);

} // namespace fluxer::auth::test

#endif
