#include "http/response_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using fluxer::auth::http::reader_limits;
using fluxer::auth::http::reader_state;
using fluxer::auth::http::response_reader;

/// Everything that can be told from outside about how an answer was read.
std::string outcome(
    std::string_view bytes, std::vector<std::size_t> const& pieces, reader_limits limits, bool orderly)
{
    response_reader reader(limits);
    auto state = reader_state::need_more;
    std::size_t next = 0;
    while (state == reader_state::need_more && !bytes.empty()) {
        auto const size =
            pieces.empty() ? bytes.size() : std::min(pieces[next++ % pieces.size()] + 1, bytes.size());
        state = reader.feed(bytes.substr(0, size));
        bytes.remove_prefix(size);
    }
    if (state == reader_state::need_more)
        state = reader.end_of_stream(orderly);
    if (state == reader_state::need_more)
        std::abort(); // the end of the stream decides
    // Where a failure is found first may depend on the pieces.
    if (state == reader_state::failed)
        return "failed";
    auto& answer = reader.answer();
    if (reader.reusable() && reader.surplus())
        std::abort();
    return "done " + std::to_string(answer.status) + " " + std::string(answer.body.view());
}

} // namespace

/// The first bytes say how the rest is cut into pieces and which limits hold: an answer means the same however it is cut.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    constexpr std::size_t settings = 8;
    if (size < settings)
        return 0;
    reader_limits limits;
    limits.max_header_bytes = 1024;
    limits.max_body_bytes = 1024;
    limits.answers_head = (data[0] & 1U) != 0;
    auto const orderly = (data[0] & 2U) != 0;
    std::vector<std::size_t> const pieces(data + 1, data + settings);
    std::string_view const bytes(reinterpret_cast<char const*>(data) + settings, size - settings); // NOLINT
    auto const whole = outcome(bytes, {}, limits, orderly);
    if (outcome(bytes, pieces, limits, orderly) != whole || outcome(bytes, {0}, limits, orderly) != whole)
        std::abort();
    return 0;
}
