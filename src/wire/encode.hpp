#ifndef FLUXER_AUTH_WIRE_ENCODE_HPP
#define FLUXER_AUTH_WIRE_ENCODE_HPP

#include "wire/codec.hpp"
#include "wire/endpoint.hpp"
#include "wire/field.hpp"
#include "wire/json_text.hpp"
#include "wire/rule.hpp"

#include <utility>

namespace fluxer::auth::wire {

inline void append_value(core::secret_buffer& out, std::string const& text)
{
    append_json_string(out, text);
}

inline void append_value(core::secret_buffer& out, secret const& text)
{
    append_json_string(out, text.reveal());
}

inline void append_value(core::secret_buffer& out, snowflake const& id)
{
    append_json_string(out, id.str());
}

inline void append_value(core::secret_buffer& out, bool value)
{
    out.append(value ? "true" : "false");
}

inline void append_value(core::secret_buffer& out, boost::json::value const& value)
{
    append_json_value(out, value);
}

inline void append_value(core::secret_buffer& out, std::vector<std::string> const& list)
{
    out.push_back('[');
    for (auto const& item : list) {
        if (&item != &list.front())
            out.push_back(',');
        append_json_string(out, item);
    }
    out.push_back(']');
}

/// The value that a field has, or nullptr where it is absent.
template <class Member>
Member const* present_value(Member const& member) noexcept
{
    return &member;
}

template <class Member>
Member const* present_value(std::optional<Member> const& member) noexcept
{
    return member ? &*member : nullptr;
}

template <class Rule, class Member>
bool is_sent(Rule const&, Member const&) noexcept
{
    return true;
}

inline bool is_sent(text_rule const& rule, std::string const& text) noexcept
{
    return !text.empty() || !rule.empty_is_absent;
}

template <described Model>
void append_object(core::secret_buffer& out, Model const& model)
{
    out.push_back('{');
    bool first = true;
    for_each_field<Model>([&](auto const& row) {
        auto const* value = present_value(model.*row.member);
        if (value == nullptr || !is_sent(row.rule, *value))
            return;
        // The names have nothing to be escaped.
        out.append(std::exchange(first, false) ? "\"" : ",\"");
        out.append(row.name);
        out.append("\":");
        append_value(out, *value);
    });
    out.push_back('}');
}

template <described Model>
void check_object(Model const& model, field_errors& errors)
{
    for_each_field<Model>([&](auto const& row) {
        if (auto const* value = present_value(model.*row.member))
            check(row.rule, *value, row.name, errors);
    });
}

/// The request of an operation's row, without parameter, body and token.
request make_request(auth::operation operation);

/// The same with the parameter in its path or query, which was checked.
request make_request(auth::operation operation, secret const& parameter);

template <described Model>
encoded encode_model(auth::operation operation, Model const& model)
{
    field_errors errors;
    check_object(model, errors);
    if (!errors.empty())
        return errors;
    auto made = make_request(operation);
    append_object(made.body.emplace(), model);
    if constexpr (requires { model.email; }) {
        if (auto const* const email = present_value(model.email))
            made.email.append(*email);
    }
    return made;
}

} // namespace fluxer::auth::wire

#endif
