#include "core/cbor.hpp"

namespace fluxer::auth::core {

namespace {

// RFC 8949 §3.1.
constexpr unsigned unsigned_integer = 0;
constexpr unsigned negative_integer = 1;
constexpr unsigned byte_string = 2;
constexpr unsigned text_string = 3;
constexpr unsigned map_of_pairs = 5;

/// How many bytes an argument takes behind the first one: 2 to the power of this; none below 24.
unsigned width_of(std::uint64_t value) noexcept
{
    if (value <= 0xFFU)
        return 0;
    if (value <= 0xFFFFU)
        return 1;
    return value <= 0xFFFF'FFFFU ? 2 : 3;
}

} // namespace

void cbor_writer::head(unsigned type, std::uint64_t value)
{
    constexpr unsigned first_width = 24;
    if (value < first_width) {
        out_.push_back(static_cast<char>(type << 5 | value));
        return;
    }
    auto const width = width_of(value);
    out_.push_back(static_cast<char>(type << 5 | (first_width + width)));
    for (auto byte = 1U << width; byte > 0; --byte)
        out_.push_back(static_cast<char>(value >> (8 * (byte - 1)) & 0xFFU));
}

void cbor_writer::map(std::size_t pairs)
{
    head(map_of_pairs, pairs);
}

void cbor_writer::integer(std::int64_t value)
{
    if (value >= 0)
        head(unsigned_integer, static_cast<std::uint64_t>(value));
    else
        head(negative_integer, static_cast<std::uint64_t>(-1 - value));
}

void cbor_writer::text(std::string_view value)
{
    head(text_string, value.size());
    out_ += value;
}

void cbor_writer::bytes(std::string_view value)
{
    head(byte_string, value.size());
    out_ += value;
}

} // namespace fluxer::auth::core
