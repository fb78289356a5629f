#ifndef FLUXER_AUTH_CORE_CBOR_HPP
#define FLUXER_AUTH_CORE_CBOR_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fluxer::auth::core {

/// Writes CBOR (RFC 8949) in its shortest form. An authenticator writes two fixed shapes, a COSE key and an
/// attestation object, and reads none: these five kinds of items are all of it, and no reason for a library.
class cbor_writer
{
public:
    /// As many pairs of items have to follow.
    void map(std::size_t pairs);

    void integer(std::int64_t value);

    /// @param value valid UTF-8
    void text(std::string_view value);

    void bytes(std::string_view value);

    std::string const& written() const noexcept { return out_; }

private:
    void head(unsigned type, std::uint64_t value);

    std::string out_;
};

} // namespace fluxer::auth::core

#endif
