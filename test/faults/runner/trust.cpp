#include "trust.hpp"

#include "values.hpp"

#include <openssl/evp.h>

#include <utility>

namespace fluxer::auth::faults {

trust_reader::trust_reader(identities& with, std::optional<item> leaf)
    : with_(with)
    , leaf_(std::move(leaf))
{}

std::string trust_reader::trusted(std::optional<item> const& from) const
{
    if (!from)
        return with_.root().pem();
    std::string pem;
    for (auto const& each : from->texts()) {
        if (each == "root")
            pem += with_.root().pem();
        else if (each == "other")
            pem += with_.other().pem();
        else
            from->fail("'" + each + "' is none of: root, other");
    }
    return pem;
}

std::vector<std::string> trust_reader::pins(item const& from) const
{
    std::vector<std::string> made;
    for (auto const& each : from.texts()) {
        auto const chain = named(each);
        made.push_back(chain.empty() ? each : test::pin_of(chain));
    }
    return made;
}

std::string trust_reader::revocation_lists(item const& from) const
{
    std::string made;
    for (auto const& each : from.list())
        made += each.is_object() ? revocation_list(each) : bytes_of(each);
    return made;
}

std::string trust_reader::named(std::string_view name) const
{
    if (name == "leaf")
        return with_.certificate(leaf_).chain;
    if (name == "root")
        return with_.root().pem();
    if (name == "other")
        return with_.other().pem();
    auto const* const direct = name == "intermediate" ? with_.direct_issuer(leaf_) : nullptr;
    return direct != nullptr ? direct->pem() : std::string();
}

std::string trust_reader::revocation_list(item const& from) const
{
    members fields(from);
    auto const issuer = fields.need("issuer").choice({"root", "other", "intermediate"});
    test::revocations what;
    if (auto const revoked = fields.find("revoked")) {
        for (auto const& each : revoked->texts()) {
            what.certificates.push_back(named(each));
            if (what.certificates.back().empty())
                revoked->fail("'" + each + "' is none of: leaf, intermediate, root, other");
        }
    }
    what.updated = fields.seconds_from_now("updated_s", what.updated);
    what.expires = fields.seconds_from_now("expires_s", what.expires);
    fields.finish();
    if (issuer == 0)
        return with_.root().revoke(what);
    if (issuer == 1)
        return with_.other().revoke(what);
    auto const* const direct = with_.direct_issuer(leaf_);
    if (direct == nullptr)
        from.fail("the server's certificate has no intermediate authority");
    return direct->revoke(what);
}

std::string base64(std::string const& bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    auto const size = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<unsigned char const*>(bytes.data()),
        static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

} // namespace fluxer::auth::faults
