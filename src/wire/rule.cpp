#include "wire/rule.hpp"

#include "core/text.hpp"
#include "core/utf8.hpp"
#include "wire/json_document.hpp"
#include "wire/json_text.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace fluxer::auth::wire {

namespace {

namespace json = boost::json;

void report(field_errors& errors, std::string_view path, std::string_view code, std::string message)
{
    errors.emplace_back(std::string(path), std::string(code), std::move(message));
}

std::string join(std::string_view path, std::string_view member)
{
    std::string joined(path);
    joined += '.';
    joined += member;
    return joined;
}

std::string range_text(std::size_t minimum, std::size_t maximum)
{
    if (minimum == maximum)
        return "exactly " + std::to_string(minimum);
    return std::to_string(minimum) + " to " + std::to_string(maximum);
}

std::string length_message(text_rule const& rule, std::size_t length)
{
    return "must be " + range_text(rule.minimum, rule.maximum) + " characters long, but has " +
           std::to_string(length) + " (UTF-16 units, without blanks around it)";
}

constexpr bool is_letter_or_digit(char character) noexcept
{
    return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
           (character >= 'a' && character <= 'z');
}

/// Parts with dots between them, without blanks.
bool is_domain(std::string_view text) noexcept
{
    std::size_t dots = 0;
    char before = '.';
    for (auto const character : text) {
        if (character == ' ' || character == '\n' || character == '\r' || character == '@')
            return false;
        if (character == '.' && before == '.')
            return false;
        dots += character == '.' ? 1 : 0;
        before = character;
    }
    return dots != 0 && before != '.';
}

void check_strings(
    json::object const& object, std::initializer_list<std::string_view> names, std::string_view path,
    field_errors& errors)
{
    for (auto const name : names)
        if (!has_string(object, name))
            report(errors, join(path, name), "INVALID_FORMAT", "must be a string");
}

// The server answers 500 when these are missing (contract 5.23).
void check_assertion(json::object const& object, std::string_view path, field_errors& errors)
{
    check_strings(object, {"id", "rawId", "type"}, path, errors);
    auto const response_path = join(path, "response");
    auto const* response = object.if_contains("response");
    if (response == nullptr || !response->is_object())
        return report(errors, response_path, "INVALID_FORMAT", "must be an object");
    check_strings(
        response->get_object(), {"clientDataJSON", "authenticatorData", "signature"}, response_path, errors);
}

void report_utf8(std::string_view path, field_errors& errors)
{
    report(errors, path, "INVALID_UTF8", "is not valid UTF-8");
}

void report_empty(text_rule const& rule, std::string_view path, field_errors& errors)
{
    // The server takes an empty string for null (contract 2), hence the code.
    report(errors, path, "INVALID_FORMAT", length_message(rule, 0));
}

} // namespace

void check_text(text_rule const& rule, std::string_view text, std::string_view path, field_errors& errors)
{
    if (text.empty()) {
        if (!rule.empty_is_absent)
            report_empty(rule, path, errors);
        return;
    }
    // As nearly all passwords and addresses are.
    auto const plain = core::is_visible_ascii(text);
    if (!plain && !core::is_valid_utf8(text))
        return report_utf8(path, errors);
    auto const length = plain ? text.size() : core::counted_length(text);
    if (length < rule.minimum || length > rule.maximum)
        report(errors, path, rule.length_code, length_message(rule, length));
    if (rule.form == nullptr || length == 0)
        return;
    if (plain)
        rule.form(text, path, errors);
    else
        rule.form(core::normalised(text), path, errors);
}

void check(
    list_rule const& rule, std::vector<std::string> const& list, std::string_view path, field_errors& errors)
{
    if (list.size() > rule.maximum)
        report(
            errors, path, "INVALID_FORMAT",
            "must have at most " + std::to_string(rule.maximum) + " items, but has " +
                std::to_string(list.size()));
    for (std::size_t index = 0; index < list.size(); ++index)
        check(rule.item, list[index], join(path, std::to_string(index)), errors);
}

void check(true_rule, bool value, std::string_view path, field_errors& errors)
{
    // The server's error has no code either (contract 5.4).
    if (!value)
        report(errors, path, {}, "must be true: the terms of service have to be agreed to");
}

void check(object_rule rule, json::value const& value, std::string_view path, field_errors& errors)
{
    auto const* object = value.if_object();
    if (object == nullptr || object->empty())
        return report(errors, path, "INVALID_FORMAT", "must be an object that is not empty");
    if (rule.is_assertion)
        check_assertion(*object, path, errors);
    core::secret_buffer text;
    append_json_value(text, value);
    if (!core::is_valid_utf8(text.view()))
        report_utf8(path, errors);
}

void check_header_value(std::string_view text, std::string_view path, field_errors& errors)
{
    constexpr std::size_t longest = 512;
    if (text.empty() || text.size() > longest)
        return report(
            errors, path, "INVALID_FORMAT",
            "must be " + range_text(1, longest) + " characters long, but has " + std::to_string(text.size()));
    if (!core::is_visible_ascii(text))
        report(errors, path, "INVALID_FORMAT", "must consist of visible ASCII characters without blanks");
}

void check_parameter(std::string_view text, std::string_view path, field_errors& errors)
{
    check_text(rule::text, text, path, errors);
    if (text.find('\0') != std::string_view::npos)
        report(errors, path, "INVALID_FORMAT", "must not have a NUL character");
    if (text == "." || text == "..")
        report(errors, path, "INVALID_FORMAT", "must not be a dot segment");
}

void check_email_form(std::string_view text, std::string_view path, field_errors& errors)
{
    auto const at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || !is_domain(text.substr(at + 1)))
        report(errors, path, "INVALID_EMAIL_FORMAT", "must be of the form local@domain.tld");
    auto const local = text.substr(0, at);
    if (!core::is_visible_ascii(local) || local.find('@') != std::string_view::npos)
        report(errors, path, "INVALID_EMAIL_LOCAL_PART", "must be ASCII without blanks in front of the @");
}

void check_username_form(std::string_view text, std::string_view path, field_errors& errors)
{
    auto const allowed = [](char character) { return is_letter_or_digit(character) || character == '_'; };
    if (!std::all_of(text.begin(), text.end(), allowed))
        report(errors, path, "USERNAME_INVALID_CHARACTERS", "must consist of A-Z, a-z, 0-9 and _ only");
}

void check_date_form(std::string_view text, std::string_view path, field_errors& errors)
{
    constexpr std::string_view form = "0000-00-00";
    auto const fits = [](char character, char expected) {
        return expected == '0' ? character >= '0' && character <= '9' : character == expected;
    };
    if (!std::equal(text.begin(), text.end(), form.begin(), form.end(), fits))
        report(errors, path, "INVALID_FORMAT", "must be of the form YYYY-MM-DD");
}

void check_mfa_method(std::string_view text, std::string_view path, field_errors& errors)
{
    if (text != "totp" && text != "sms" && text != "webauthn")
        report(errors, path, "INVALID_FORMAT", "must be totp, sms or webauthn");
}

} // namespace fluxer::auth::wire
