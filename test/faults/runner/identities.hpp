#ifndef FLUXER_AUTH_TEST_FAULTS_IDENTITIES_HPP
#define FLUXER_AUTH_TEST_FAULTS_IDENTITIES_HPP

#include "item.hpp"

#include "scripted/tls.hpp"

#include <boost/json/object.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fluxer::auth::faults {

/// Keys, certificates and TLS settings of a script. The same words in a script stand for the same key.
class identities
{
public:
    identities();

    /// The authority that clients of a script trust unless told otherwise.
    test::authority const& root() const noexcept { return *root_; }

    /// One that they do not.
    test::authority const& other() const noexcept { return *other_; }

    /// What "certificate" says; nothing: one that is good for the server's names.
    test::identity certificate(std::optional<item> const& from);

    /// Who signed such a certificate, if that was an intermediate authority; null: it was none.
    test::authority const* direct_issuer(std::optional<item> const& of);

    /// What "tls" says.
    test::tls_settings tls(item const& from);

private:
    test::identity make(members& fields, item const& from, std::string const& key);

    std::unique_ptr<test::authority> root_;
    std::unique_ptr<test::authority> other_;
    std::map<std::string, test::identity> made_;
    std::map<std::string, std::vector<std::unique_ptr<test::authority>>> between_;
};

} // namespace fluxer::auth::faults

#endif
