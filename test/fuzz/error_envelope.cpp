#include "wire/codec.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

/// Two bytes of status, then the `Retry-After` field up to the first line end, then the body.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size < 2)
        return 0;
    std::string_view text(reinterpret_cast<char const*>(data) + 2, size - 2); // NOLINT
    auto const end = text.find('\n');
    fluxer::auth::wire::answer answer;
    answer.status = 300 + (data[0] | data[1] << 8) % 300;
    if (end != std::string_view::npos) {
        // The parser lets no NUL through.
        if (text.substr(0, end).find('\0') != std::string_view::npos)
            return 0;
        answer.headers.add("Retry-After", text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    answer.body.append(text);
    fluxer::auth::error_info info;
    info.http_status = answer.status;
    fluxer::auth::wire::decode_error(answer, info);
    if (info.retry_after && (info.retry_after->count() < 0 || *info.retry_after > std::chrono::hours(24)))
        __builtin_trap();
    fluxer::auth::error const made(std::move(info));
    // One line, whatever the server wrote.
    for (auto const character : made.to_string()) {
        if (static_cast<unsigned char>(character) < 0x20)
            __builtin_trap();
    }
    return 0;
}
