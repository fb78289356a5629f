#include "core/altcha.hpp"
#include "wire/altcha.hpp"

#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    namespace core = fluxer::auth::core;
    namespace wire = fluxer::auth::wire;
    std::string_view const text(reinterpret_cast<char const*>(data), size); // NOLINT
    auto const challenge = wire::decode_altcha(text);
    if (!challenge)
        return 0;
    static_cast<void>(core::solve_altcha(*challenge, 0, 3, [] { return false; }));
    // The answer holds all members of the challenge but the number's bound.
    auto const again = wire::decode_altcha(wire::encode_altcha_solution(*challenge, 1));
    if (!again || again->challenge != challenge->challenge || again->salt != challenge->salt ||
        again->signature != challenge->signature || again->expires != challenge->expires)
        __builtin_trap();
    return 0;
}
