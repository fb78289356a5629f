#include "identities.hpp"

#include "values.hpp"

#include <boost/json/serialize.hpp>

#include <openssl/ssl.h>

#include <array>
#include <utility>
#include <vector>

namespace fluxer::auth::faults {

namespace {

using test::certificate_options;
using test::key_kind;

certificate_options authority_named(std::string name)
{
    certificate_options options;
    options.common_name = std::move(name);
    options.names.clear();
    options.is_authority = true;
    return options;
}

std::vector<std::string> names_of(item const& from)
{
    std::vector<std::string> names;
    for (auto const& each : from.list())
        names.push_back(bytes_of(each));
    return names;
}

void add_more_names(item const& from, std::vector<std::string>& names)
{
    members fields(from);
    auto const count = fields.need("count").size();
    auto const pattern = fields.need("pattern");
    fields.finish();
    auto const text = pattern.text();
    auto const mark = text.find("{n}");
    if (mark == std::string::npos)
        pattern.fail("has no {n} to be numbered");
    for (std::size_t index = 0; index < count; ++index)
        names.push_back(text.substr(0, mark) + std::to_string(index) + text.substr(mark + 3));
}

/// The fields that leaf and intermediate certificates have alike.
void read_fields(members& fields, certificate_options& into)
{
    if (auto const name = fields.find("common_name"))
        into.common_name = bytes_of(*name);
    if (auto const names = fields.find("names"))
        into.names = names_of(*names);
    if (auto const more = fields.find("more_names"))
        add_more_names(*more, into.names);
    into.not_before = fields.seconds_from_now("not_before_s", into.not_before);
    into.not_after = fields.seconds_from_now("not_after_s", into.not_after);
    if (auto const key = fields.find("key"))
        into.key = static_cast<key_kind>(key->choice({"p256", "p384", "rsa1024", "rsa2048", "ed25519"}));
    into.digest = fields.text("digest", into.digest);
    into.is_authority = fields.flag("is_authority", into.is_authority);
    into.key_usage = fields.text("key_usage");
    into.extended_key_usage = fields.text("extended_key_usage");
}

using authorities = std::vector<std::unique_ptr<test::authority>>;

authorities make_intermediates(std::optional<item> const& from, test::authority const& issuer)
{
    authorities made;
    if (!from)
        return made;
    for (auto const& each : from->list()) {
        auto options = authority_named("intermediate authority " + std::to_string(made.size()));
        members fields(each);
        read_fields(fields, options);
        fields.finish();
        auto const& above = made.empty() ? issuer : *made.back();
        made.push_back(above.issue_authority(options));
    }
    return made;
}

std::string key_of(std::optional<item> const& certificate)
{
    return certificate ? std::string(boost::json::serialize(certificate->value())) : std::string();
}

int version_of(item const& from)
{
    constexpr std::array<int, 4> versions{TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION};
    return versions[from.choice({"1.0", "1.1", "1.2", "1.3"})];
}

void read_versions(item const& from, test::tls_settings& into)
{
    auto const list = from.list();
    if (list.empty())
        from.fail("names no version");
    into.least_version = version_of(list.front());
    into.most_version = version_of(list.back());
    if (into.least_version > into.most_version)
        from.fail("must begin with the oldest version");
}

void read_alpn(item const& from, test::tls_settings& into)
{
    using answer = test::tls_settings::alpn_answer;
    if (from.value().is_string()) {
        into.alpn = from.choice({"none", "refuse"}) == 0 ? answer::none : answer::refuse;
        return;
    }
    members fields(from);
    if (auto const protocol = fields.find("choose")) {
        into.alpn = answer::choose;
        into.protocol = protocol->text();
    } else {
        into.alpn = answer::force;
        into.protocol = fields.need("force").text();
    }
    fields.finish();
}

} // namespace

identities::identities()
    : root_(std::make_unique<test::authority>())
    , other_(std::make_unique<test::authority>(authority_named("another authority")))
{}

test::identity identities::certificate(std::optional<item> const& from)
{
    auto const key = key_of(from);
    if (auto const found = made_.find(key); found != made_.end())
        return found->second;
    static boost::json::value const nothing = boost::json::object();
    item const described = from ? *from : item(nothing, "certificate");
    members fields(described);
    test::identity made;
    try {
        made = make(fields, described, key);
    } catch (script_error const&) {
        throw;
    } catch (std::exception const& e) {
        described.fail(e.what());
    }
    return made_[key] = made;
}

test::authority const* identities::direct_issuer(std::optional<item> const& of)
{
    static_cast<void>(certificate(of));
    auto const found = between_.find(key_of(of));
    return found == between_.end() || found->second.empty() ? nullptr : found->second.back().get();
}

test::identity identities::make(members& fields, item const& from, std::string const& key)
{
    certificate_options options;
    read_fields(fields, options);
    auto const issuer_item = fields.find("issuer");
    auto const chain_item = fields.find("chain");
    auto const intermediates_item = fields.find("intermediates");
    fields.finish();
    auto const issuer = issuer_item ? issuer_item->choice({"root", "other", "self"}) : 0;
    auto const& top = issuer == 1 ? *other_ : *root_;
    auto const& between = between_[key] = make_intermediates(intermediates_item, top);
    if (issuer == 2) {
        if (!between.empty())
            from.fail("a certificate of its own has no intermediates");
        return test::authority::self_signed(options);
    }
    auto const& direct = between.empty() ? top : *between.back();
    auto made = direct.issue(options);
    if (!chain_item) {
        for (auto each = between.rbegin(); each != between.rend(); ++each)
            made.chain += (*each)->pem();
        return made;
    }
    for (auto const& each : chain_item->list()) {
        if (each.value().is_string()) {
            each.choice({"root"});
            made.chain += top.pem();
            continue;
        }
        auto const index = each.integer(0, static_cast<std::int64_t>(between.size()) - 1);
        made.chain += between[static_cast<std::size_t>(index)]->pem();
    }
    return made;
}

test::tls_settings identities::tls(item const& from)
{
    test::tls_settings made;
    made.alpn = test::tls_settings::alpn_answer::choose;
    members fields(from);
    made.who = certificate(fields.find("certificate"));
    if (auto const versions = fields.find("versions"))
        read_versions(*versions, made);
    made.ciphers = fields.text("ciphers");
    made.ciphersuites = fields.text("ciphersuites");
    made.groups = fields.text("groups");
    made.signature_algorithms = fields.text("signature_algorithms");
    if (auto const level = fields.find("security_level"))
        made.security_level = static_cast<int>(level->integer(0, 5));
    if (auto const bits = fields.find("dh_bits")) {
        made.dh_bits = static_cast<unsigned>(bits->integer(512, 1024));
        if (made.dh_bits != 512 && made.dh_bits != 1024)
            bits->fail("must be 512 or 1024");
    }
    if (auto const alpn = fields.find("alpn"))
        read_alpn(*alpn, made);
    made.tickets = static_cast<std::size_t>(fields.integer("tickets", 2));
    made.session_ids = fields.flag("session_ids", true);
    if (auto const wish = fields.find("client_certificate")) {
        auto const word = wish->choice({"none", "request", "require"});
        made.ask_for_certificate = word >= 1;
        made.require_certificate = word == 2;
        made.client_authority = root_->pem();
    }
    fields.finish();
    return made;
}

} // namespace fluxer::auth::faults
