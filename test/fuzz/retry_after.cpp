#include "core/retry_after.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    namespace core = fluxer::auth::core;
    using std::chrono::milliseconds;
    std::string_view const text(reinterpret_cast<char const*>(data), size); // NOLINT
    fluxer::auth::timestamp const now{milliseconds(1'764'000'000'000)};
    if (auto const wait = core::parse_retry_after(text, now);
        wait && (wait->count() < 0 || *wait > core::longest_retry_after))
        __builtin_trap();
    static_cast<void>(core::parse_http_date(text, now));
    static_cast<void>(core::parse_decimal(text));
    return 0;
}
