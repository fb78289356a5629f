#include "sandbox/validation.hpp"

#include "sandbox/text.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace fluxer::auth::sandbox_detail {

namespace {

void turn_empty_into_null(boost::json::value& value)
{
    if (auto* text = value.if_string()) {
        if (text->empty())
            value = nullptr;
    } else if (auto* items = value.if_array()) {
        for (auto& item : *items)
            turn_empty_into_null(item);
    } else if (auto* members = value.if_object()) {
        bool any = false;
        for (auto& member : *members) {
            turn_empty_into_null(member.value());
            any = any || !member.value().is_null();
        }
        if (!any)
            value = nullptr;
    }
}

bool contains_ignoring_case(std::string_view text, std::string_view term)
{
    return to_lower(text).find(term) != std::string::npos;
}

bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_domain(std::string_view domain)
{
    if (domain.find('.') == std::string_view::npos)
        return false;
    while (true) {
        auto const label = domain.substr(0, domain.find('.'));
        bool const plain = std::all_of(label.begin(), label.end(), [](char c) {
            return is_alphanumeric(c) || c == '-' || static_cast<unsigned char>(c) >= 0x80;
        });
        if (label.empty() || label.size() > 63 || !plain || label.front() == '-' || label.back() == '-')
            return false;
        if (label.size() == domain.size())
            return label.size() >= 2;
        domain.remove_prefix(label.size() + 1);
    }
}

} // namespace

boost::json::value parse_body(std::string_view bytes)
{
    boost::system::error_code failure;
    auto body = boost::json::parse(to_valid_utf8(bytes), failure);
    if (failure)
        return boost::json::object{};
    if (auto* members = body.if_object())
        for (auto& member : *members)
            turn_empty_into_null(member.value());
    return body;
}

form::form(boost::json::value const& body, language in)
    : members_(body.if_object())
    , language_(in)
{
    if (!members_)
        errors_.push_back({"root", "INVALID_FORMAT", {}});
}

boost::json::value const* form::member(std::string_view key) const
{
    return members_ ? members_->if_contains(key) : nullptr;
}

void form::add(std::string_view key, std::string_view code, std::string message)
{
    if (members_)
        errors_.push_back({std::string(key), std::string(code), std::move(message)});
}

void form::add_length_error(std::string_view key, std::size_t min, std::size_t max)
{
    auto message = "String length must be between " + std::to_string(min) + " and " + std::to_string(max) +
                   " characters.";
    add(key, "STRING_LENGTH_INVALID", std::move(message));
}

std::optional<std::string> form::string_member(std::string_view key, presence need)
{
    auto const* value = member(key);
    if (!value && need != presence::required)
        return std::nullopt;
    if (value && value->is_null() && need == presence::nullable)
        return std::nullopt;
    auto const* text = value ? value->if_string() : nullptr;
    if (!text) {
        add(key, "INVALID_FORMAT");
        return std::nullopt;
    }
    return normalise({text->data(), text->size()});
}

std::optional<std::string> form::optional_text(
    std::string_view key, presence need, std::size_t min, std::size_t max)
{
    auto value = string_member(key, need);
    if (value) {
        auto const length = utf16_length(*value);
        if (length < min || length > max)
            add_length_error(key, min, max);
    }
    return value;
}

std::string form::text(std::string_view key, std::size_t min, std::size_t max)
{
    return optional_text(key, presence::required, min, max).value_or("");
}

std::string form::exact_text(std::string_view key, std::size_t length)
{
    auto value = string_member(key, presence::required);
    if (value && utf16_length(*value) != length)
        add(key, "STRING_LENGTH_EXACT", "String must be exactly " + std::to_string(length) + " characters.");
    return value.value_or("");
}

std::optional<std::string> form::email(std::string_view key, presence need)
{
    auto value = string_member(key, need);
    if (!value)
        return value;
    auto const length = utf16_length(*value);
    if (length < 1 || length > 254)
        add(key, "EMAIL_LENGTH_INVALID");
    if (!is_email_address(*value))
        add(key, "INVALID_EMAIL_FORMAT");
    if (!has_plain_local_part(*value))
        add(key, "INVALID_EMAIL_LOCAL_PART");
    return value;
}

std::optional<std::string> form::password(std::string_view key, presence need)
{
    auto value = string_member(key, need);
    if (value) {
        auto const length = utf16_length(*value);
        if (length < 8 || length > 256)
            add(key, "PASSWORD_LENGTH_INVALID");
    }
    return value;
}

std::optional<std::string> form::username(std::string_view key)
{
    auto value = string_member(key, presence::optional);
    if (!value)
        return value;
    auto const length = utf16_length(*value);
    if (length < 1 || length > 32)
        add(key, "USERNAME_LENGTH_INVALID");
    auto const plain = [](char c) { return is_alphanumeric(c) || c == '_'; };
    if (value->empty() || !std::all_of(value->begin(), value->end(), plain))
        add(key, "USERNAME_INVALID_CHARACTERS");
    auto const lower = to_lower(*value);
    if (lower == "everyone" || lower == "here")
        add(key, "USERNAME_RESERVED_VALUE");
    if (lower.find("fluxer") != std::string::npos || lower.find("system message") != std::string::npos)
        add(key, "USERNAME_CANNOT_CONTAIN_RESERVED_TERMS");
    return value;
}

std::optional<std::string> form::global_name(std::string_view key, presence need)
{
    auto value = string_member(key, need);
    if (!value)
        return value;
    auto const length = utf16_length(*value);
    if (length < 1 || length > 32)
        add(key, "GLOBAL_NAME_LENGTH_INVALID");
    auto const lower = to_lower(*value);
    if (lower == "everyone" || lower == "here")
        add(key, "GLOBAL_NAME_RESERVED_VALUE");
    if (contains_ignoring_case(*value, "system message"))
        add(key, "GLOBAL_NAME_CANNOT_CONTAIN_RESERVED_TERMS");
    return value;
}

std::string form::date(std::string_view key)
{
    auto value = string_member(key, presence::required);
    if (!value)
        return {};
    if (utf16_length(*value) != 10)
        add(key, "STRING_LENGTH_EXACT", "String must be exactly 10 characters.");
    bool matches = value->size() == 10;
    for (std::size_t i = 0; matches && i < 10; ++i) {
        char const c = (*value)[i];
        matches = (i == 4 || i == 7) ? c == '-' : (c >= '0' && c <= '9');
    }
    if (!matches)
        add(key, "INVALID_FORMAT");
    return *value;
}

bool form::boolean(std::string_view key)
{
    auto const* value = member(key);
    if (!value || !value->is_bool()) {
        add(key, "INVALID_FORMAT");
        return false;
    }
    return value->get_bool();
}

std::optional<std::string> form::one_of(std::string_view key, std::vector<std::string_view> const& values)
{
    if (!member(key))
        return std::nullopt;
    auto value = string_member(key, presence::required);
    if (value && std::find(values.begin(), values.end(), *value) == values.end())
        add(key, "INVALID_FORMAT");
    return value;
}

std::vector<std::string> form::texts(std::string_view key, std::size_t max_count)
{
    std::vector<std::string> all;
    auto const* value = member(key);
    auto const* items = value ? value->if_array() : nullptr;
    if (!items || items->size() > max_count) {
        add(key, "INVALID_FORMAT");
        return all;
    }
    for (std::size_t i = 0; i < items->size(); ++i) {
        auto const path = std::string(key) + "." + std::to_string(i);
        auto const* text = (*items)[i].if_string();
        if (!text) {
            add(path, "INVALID_FORMAT");
            continue;
        }
        all.push_back(normalise({text->data(), text->size()}));
        auto const length = utf16_length(all.back());
        if (length < 1 || length > 256)
            add_length_error(path, 1, 256);
    }
    return all;
}

boost::json::object const* form::object(std::string_view key) const
{
    auto const* value = member(key);
    return value ? value->if_object() : nullptr;
}

bool is_email_address(std::string_view text)
{
    auto const at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || text.size() > 254)
        return false;
    auto const local = text.substr(0, at);
    bool const one_word = local.find_first_of(" @\n\r") == std::string_view::npos;
    bool const ascii =
        std::all_of(local.begin(), local.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    return one_word && ascii && local.size() <= 64 && is_domain(text.substr(at + 1));
}

bool has_plain_local_part(std::string_view text)
{
    constexpr std::string_view marks = ".!#$%&'*+/=?^_`{|}~-";
    auto const at = text.find('@');
    if (at == std::string_view::npos || at == 0)
        return false;
    auto const local = text.substr(0, at);
    return std::all_of(local.begin(), local.end(), [marks](char c) {
        return is_alphanumeric(c) || marks.find(c) != std::string_view::npos;
    });
}

bool has_mail_domain(std::string_view email)
{
    return !to_lower(email).ends_with(".invalid");
}

bool is_common_password(std::string_view password)
{
    constexpr std::array<std::string_view, 12> common = {
        "password",  "password1",  "password123", "12345678", "123456789", "1234567890",
        "qwerty123", "qwertyuiop", "iloveyou",    "11111111", "sunshine1", "letmein123"};
    return std::find(common.begin(), common.end(), to_lower(password)) != common.end();
}

int age_at(std::string_view date_of_birth, std::chrono::sys_days today)
{
    auto const number = [date_of_birth](std::size_t from, std::size_t size) {
        int value = 0;
        auto const digits = date_of_birth.substr(from, size);
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    };
    std::chrono::year_month_day const born{
        std::chrono::year{number(0, 4)}, std::chrono::month{static_cast<unsigned>(number(5, 2))},
        std::chrono::day{static_cast<unsigned>(number(8, 2))}};
    if (!born.ok())
        return 0;
    std::chrono::year_month_day const now{today};
    int const years = static_cast<int>(now.year()) - static_cast<int>(born.year());
    bool const before_birthday =
        now.month() < born.month() || (now.month() == born.month() && now.day() < born.day());
    return before_birthday ? years - 1 : years;
}

} // namespace fluxer::auth::sandbox_detail
