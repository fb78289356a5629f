#include "wire/altcha.hpp"

#include "core/altcha.hpp"
#include "wire/json_document.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstddef>

namespace fluxer::auth::wire {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_document = 8192;

std::optional<std::string> owned_text_of(json::object const& from, std::string_view name)
{
    auto const* member = from.if_contains(name);
    auto const* text = member == nullptr ? nullptr : member->if_string();
    return text == nullptr ? std::nullopt : std::optional(std::string(text->data(), text->size()));
}

/// Absent: the widget's own default. Nothing: of a wrong type.
std::optional<std::uint64_t> max_number_of(json::object const& from)
{
    auto const* member = from.if_contains("maxnumber");
    if (member == nullptr)
        member = from.if_contains("maxNumber");
    if (member == nullptr || member->is_null())
        return altcha_challenge().max_number;
    if (auto const* number = member->if_int64())
        return *number < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(*number));
    auto const* number = member->if_uint64();
    return number == nullptr ? std::nullopt : std::optional(*number);
}

} // namespace

std::optional<altcha_challenge> decode_altcha(std::string_view text)
{
    if (text.size() > longest_document)
        return std::nullopt;
    json_document const document(text);
    auto const* const members = document.root() == nullptr ? nullptr : document.root()->if_object();
    if (members == nullptr)
        return std::nullopt;
    auto challenge = owned_text_of(*members, "challenge");
    auto salt = owned_text_of(*members, "salt");
    auto signature = owned_text_of(*members, "signature");
    auto const max_number = max_number_of(*members);
    if (!challenge || !salt || !signature || !max_number)
        return std::nullopt;
    altcha_challenge made;
    made.algorithm = owned_text_of(*members, "algorithm").value_or(made.algorithm);
    made.challenge = std::move(*challenge);
    made.salt = std::move(*salt);
    made.signature = std::move(*signature);
    made.max_number = *max_number;
    made.expires = core::altcha_expiry(made.salt);
    if (!core::is_altcha_hash(made.challenge, made.algorithm))
        return std::nullopt;
    return made;
}

std::string encode_altcha_solution(altcha_challenge const& challenge, std::uint64_t number)
{
    json::object members;
    members["algorithm"] = challenge.algorithm;
    members["challenge"] = challenge.challenge;
    members["number"] = number;
    members["salt"] = challenge.salt;
    members["signature"] = challenge.signature;
    return json::serialize(members);
}

} // namespace fluxer::auth::wire

namespace fluxer::auth {

std::optional<altcha_challenge> altcha_challenge::parse(std::string_view json)
{
    return wire::decode_altcha(json);
}

} // namespace fluxer::auth
