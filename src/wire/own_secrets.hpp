#ifndef FLUXER_AUTH_WIRE_OWN_SECRETS_HPP
#define FLUXER_AUTH_WIRE_OWN_SECRETS_HPP

#include "core/secret_buffer.hpp"

#include <fluxer/auth/secret.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::wire {

struct request;

/// What a request carries that must not show in what its answer is told as: a server may send back a password that it
/// finds too weak, a proxy the address that it was asked for. Only made for answers that are errors.
class own_secrets
{
public:
    /// Shorter ones, as codes of an SMS are, would take words and numbers out of texts that have nothing to do with
    /// them.
    static constexpr std::size_t shortest = 6;

    own_secrets() = default;

    /// The credentials in its body, its parameter, and its token.
    explicit own_secrets(request const& of);

    void add(secret const& value) { add(value.reveal()); }

    /// Whether the request's body has a member of that name: a field's path is none of the secrets then, even if it
    /// reads like one.
    bool has_member(std::string_view name) const noexcept;

    /// The text with each occurrence replaced; as it is, as JSON has it, or percent-encoded.
    std::string blanked(std::string_view text) const;

private:
    void add(std::string_view value);
    void add_word(core::secret_buffer word);
    void add_body(std::string_view json);

    std::vector<core::secret_buffer> words_; ///< the longest first
    std::vector<std::string> members_;
};

/// Whether a text may have one of an operation's secrets in it. Costs little, takes no memory, and errs on the side of
/// caution.
bool may_show_secret(request const& of, std::string_view text) noexcept;

} // namespace fluxer::auth::wire

#endif
