#ifndef FLUXER_AUTH_WIRE_RULE_HPP
#define FLUXER_AUTH_WIRE_RULE_HPP

#include <fluxer/auth/error.hpp>
#include <fluxer/auth/secret.hpp>
#include <fluxer/auth/snowflake.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::wire {

using field_errors = std::vector<field_error>;

/// A further check of a text in its normalised form. It reports by itself.
using form_check = void (*)(std::string_view text, std::string_view path, field_errors& errors);

/// What the contract says of a string (contract 2): its length in UTF-16 units, and maybe its form.
struct text_rule
{
    std::size_t minimum = 1;
    std::size_t maximum = 256;
    std::string_view length_code = "STRING_LENGTH_INVALID";
    form_check form = nullptr;    ///< never for secrets: it looks at a copy
    bool empty_is_absent = false; ///< the server takes "" for null, which it accepts for few fields
};

struct list_rule
{
    std::size_t maximum = 0;
    text_rule item;
};

/// A consent is not one unless it is given.
struct true_rule
{};

/// A JSON object that is handed on untouched.
struct object_rule
{
    bool is_assertion = false; ///< has to be an AuthenticationResponseJSON (contract 5.10)
};

void check_text(text_rule const& rule, std::string_view text, std::string_view path, field_errors& errors);
void check(
    list_rule const& rule, std::vector<std::string> const& list, std::string_view path, field_errors& errors);
void check(true_rule rule, bool value, std::string_view path, field_errors& errors);
void check(object_rule rule, boost::json::value const& value, std::string_view path, field_errors& errors);

inline void check(text_rule const& rule, std::string const& text, std::string_view path, field_errors& errors)
{
    check_text(rule, text, path, errors);
}

inline void check(text_rule const& rule, secret const& text, std::string_view path, field_errors& errors)
{
    check_text(rule, text.reveal(), path, errors);
}

inline void check(text_rule const& rule, snowflake const& id, std::string_view path, field_errors& errors)
{
    check_text(rule, id.str(), path, errors);
}

/// The value of `Authorization`, or anything else that becomes a header: 1-512 visible characters of ASCII.
void check_header_value(std::string_view text, std::string_view path, field_errors& errors);

/// A parameter of path or query: 1-256 UTF-16 units without NUL. "." and ".." would lead elsewhere in a path.
void check_parameter(std::string_view text, std::string_view path, field_errors& errors);

void check_email_form(std::string_view text, std::string_view path, field_errors& errors);
void check_username_form(std::string_view text, std::string_view path, field_errors& errors);
void check_date_form(std::string_view text, std::string_view path, field_errors& errors);
void check_mfa_method(std::string_view text, std::string_view path, field_errors& errors);

/// The rules that several models share (contract 2, 5.4).
namespace rule {

inline constexpr text_rule text{};
inline constexpr text_rule password{.minimum = 8, .maximum = 256, .length_code = "PASSWORD_LENGTH_INVALID"};
inline constexpr text_rule email{
    .minimum = 1, .maximum = 254, .length_code = "EMAIL_LENGTH_INVALID", .form = check_email_form};
inline constexpr text_rule username{
    .minimum = 1, .maximum = 32, .length_code = "USERNAME_LENGTH_INVALID", .form = check_username_form};
inline constexpr text_rule global_name{
    .minimum = 1, .maximum = 32, .length_code = "GLOBAL_NAME_LENGTH_INVALID"};
inline constexpr text_rule mail_token{.minimum = 64, .maximum = 64, .length_code = "STRING_LENGTH_EXACT"};
inline constexpr text_rule date{
    .minimum = 10, .maximum = 10, .length_code = "STRING_LENGTH_EXACT", .form = check_date_form};
inline constexpr text_rule invite_code{.minimum = 0, .maximum = 256, .empty_is_absent = true};

} // namespace rule

} // namespace fluxer::auth::wire

#endif
