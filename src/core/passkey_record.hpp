#ifndef FLUXER_AUTH_CORE_PASSKEY_RECORD_HPP
#define FLUXER_AUTH_CORE_PASSKEY_RECORD_HPP

#include "core/secret_buffer.hpp"
#include "core/signing_key.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::core {

/// One credential of the software authenticator.
struct passkey_record
{
    std::string id; ///< 16 random bytes
    std::string rp_id;
    std::string user_handle; ///< 1-64 bytes
    std::string user_name;
    bool counts = true; ///< false: its counter stays 0
    std::uint32_t counter = 0;
    signing_key key;
};

inline constexpr std::size_t most_passkeys = 1000;
inline constexpr std::size_t longest_passkey_text = 1024; ///< of each member of a record

/// The records as bytes, private keys included.
secret_buffer encode_passkeys(std::vector<passkey_record> const& records);

/// The reverse; nothing if the bytes are anything else.
std::optional<std::vector<passkey_record>> decode_passkeys(std::string_view bytes);

} // namespace fluxer::auth::core

#endif
