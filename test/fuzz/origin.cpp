#include "core/origin.hpp"
#include "core/proxy.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// What is accepted is the same again when it is written out.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    namespace core = fluxer::auth::core;
    std::string_view const text(reinterpret_cast<char const*>(data), size); // NOLINT
    for (auto const plain : {core::plain_http::refused, core::plain_http::allowed}) {
        std::string problem;
        if (auto const origin = core::parse_origin(text, problem, plain)) {
            std::string ignored;
            auto const again =
                core::parse_origin(core::to_string(*origin) + origin->path_prefix, ignored, plain);
            if (!again || !(*again == *origin))
                __builtin_trap();
            if (origin->is_plain() && plain != core::plain_http::allowed)
                __builtin_trap();
        } else if (problem.empty()) {
            __builtin_trap();
        }
    }
    std::string proxy_problem;
    if (!core::parse_proxy(text, proxy_problem) && proxy_problem.empty())
        __builtin_trap();
    auto const half = text.size() / 2;
    static_cast<void>(core::bypasses_proxy(text.substr(0, half), text.substr(half), 443));
    return 0;
}
