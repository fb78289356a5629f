#ifndef FLUXER_AUTH_WIRE_FIELD_HPP
#define FLUXER_AUTH_WIRE_FIELD_HPP

#include <optional>
#include <string_view>
#include <tuple>

namespace fluxer::auth::wire {

/// One member of a model: its name in JSON, where it is kept, and its rule. Requests have rules to be checked by
/// (rule.hpp), answers state what its absence means (presence).
template <class Model, class Member, class Rule>
struct field_row
{
    std::string_view name;
    Member Model::*member;
    Rule rule;
};

template <class Model, class Member, class Rule>
constexpr auto field(std::string_view name, Member Model::*member, Rule rule)
{
    return field_row<Model, Member, Rule>{name, member, rule};
}

/// Specialised for each model with `static constexpr auto fields = std::tuple(field(...), ...)`, in the order of
/// the contract's tables. Encoding, decoding and validation all go by it.
template <class Model>
struct description;

template <class Model>
concept described = requires
{
    description<Model>::fields;
};

/// Calls `visit(row)` for each field of a model.
template <class Model, class Visit>
constexpr void for_each_field(Visit&& visit)
{
    std::apply([&](auto const&... rows) { (visit(rows), ...); }, description<Model>::fields);
}

} // namespace fluxer::auth::wire

#endif
