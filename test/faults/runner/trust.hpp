#ifndef FLUXER_AUTH_TEST_FAULTS_TRUST_HPP
#define FLUXER_AUTH_TEST_FAULTS_TRUST_HPP

#include "identities.hpp"
#include "item.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::faults {

/// Whom a script's client believes: authorities, pins and lists of what is revoked.
class trust_reader
{
public:
    /// @param leaf what "server" says about its certificate
    trust_reader(identities& with, std::optional<item> leaf);

    /// "trust"; nothing: the root.
    std::string trusted(std::optional<item> const& from) const;

    /// "pins": names of keys, or pins as they are.
    std::vector<std::string> pins(item const& from) const;

    /// "crl": PEM, or any text.
    std::string revocation_lists(item const& from) const;

private:
    /// The chain of a certificate that has a name; empty: there is none.
    std::string named(std::string_view name) const;
    std::string revocation_list(item const& from) const;

    identities& with_;
    std::optional<item> leaf_;
};

std::string base64(std::string const& bytes);

} // namespace fluxer::auth::faults

#endif
