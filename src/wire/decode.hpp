#ifndef FLUXER_AUTH_WIRE_DECODE_HPP
#define FLUXER_AUTH_WIRE_DECODE_HPP

#include "wire/codec.hpp"
#include "wire/field.hpp"
#include "wire/json_document.hpp"

#include <boost/json/object.hpp>

#include <cstdint>

namespace fluxer::auth::wire {

/// What it means when a member of an answer is absent, null or of a wrong type (contract 2.2, 14). Members of type
/// std::optional are optional in any case.
enum class presence {
    required, ///< the answer is useless without
    lenient,  ///< the model's default does
};

/// Each reads one value and tells whether it was of the right type.
bool read_value(boost::json::value const& from, std::string& into);
bool read_value(boost::json::value const& from, secret& into);
/// Takes integers too, since nothing is lost with those.
bool read_value(boost::json::value const& from, snowflake& into);
bool read_value(boost::json::value const& from, bool& into);
bool read_value(boost::json::value const& from, std::uint32_t& into);
bool read_value(boost::json::value const& from, timestamp& into);
/// Items that are no strings are left out.
bool read_value(boost::json::value const& from, std::vector<std::string>& into);

/// Says in `problem` that an answer with a status of success is an error, if it is: some gateways make it one.
bool is_error(boost::json::value const& answer, std::string& problem);

template <described Model>
bool read_object(boost::json::value const& from, Model& into, std::string& problem);

template <described Model>
bool read_value(boost::json::value const& from, Model& into)
{
    std::string problem;
    return read_object(from, into, problem);
}

template <class Member>
bool read_value(boost::json::value const& from, std::optional<Member>& into)
{
    if (read_value(from, into.emplace()))
        return true;
    into.reset();
    return false;
}

template <class Member>
inline constexpr bool is_optional = false;

template <class Member>
inline constexpr bool is_optional<std::optional<Member>> = true;

/// Whether a text stands for nothing: a token or id without characters is as good as none.
template <class Member>
bool is_blank(Member const&) noexcept
{
    return false;
}

inline bool is_blank(secret const& text) noexcept
{
    return text.empty();
}

inline bool is_blank(snowflake const& id) noexcept
{
    return id.empty();
}

/// "`token` is missing": never a value.
std::string member_problem(std::string_view name, std::string_view what);

template <class Model, class Member, class Rule>
bool read_field(
    boost::json::object const& from, field_row<Model, Member, Rule> const& row, Model& into,
    std::string& problem)
{
    auto& member = into.*row.member;
    auto const* value = from.if_contains(row.name);
    auto const missing = value == nullptr || value->is_null();
    if (!missing && read_value(*value, member) && !(row.rule == presence::required && is_blank(member)))
        return true;
    if (is_optional<Member> || row.rule == presence::lenient) {
        // Of what turned out to be unusable some may have been taken.
        if (!missing)
            member = Model().*row.member;
        return true;
    }
    problem = member_problem(row.name, missing ? "is missing" : "is not what it has to be");
    return false;
}

template <described Model>
bool read_object(boost::json::value const& from, Model& into, std::string& problem)
{
    auto const* object = from.if_object();
    if (object == nullptr) {
        problem = "the answer is not a JSON object";
        return false;
    }
    bool valid = true;
    for_each_field<Model>([&](auto const& row) { valid = valid && read_field(*object, row, into, problem); });
    return valid;
}

/// Reads a whole answer; specialised where more than the description has to be looked at.
template <class T>
struct answer_reader
{
    static bool read(boost::json::value const& from, T& into, std::string& problem)
    {
        return read_object(from, into, problem);
    }
};

template <class T>
std::optional<T> decode(std::string_view body, std::string& problem)
{
    json_document const document(body);
    if (document.root() == nullptr) {
        problem = body.empty() ? "the body is empty" : "the body is not JSON";
        return std::nullopt;
    }
    std::optional<T> decoded(std::in_place);
    if (!answer_reader<T>::read(*document.root(), *decoded, problem))
        decoded.reset();
    return decoded;
}

} // namespace fluxer::auth::wire

#endif
