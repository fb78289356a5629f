#include "sandbox/crypto.hpp"
#include "sandbox/operations.hpp"
#include "sandbox/random.hpp"
#include "sandbox/text.hpp"

#include <boost/json/array.hpp>

namespace fluxer::auth::sandbox_detail {

namespace {

using namespace std::chrono_literals;

constexpr int minimum_age = 13;
constexpr rate registrations_per_email{3, 15min};
constexpr rate registrations_per_ip{5, 30min};

struct registration
{
    std::optional<std::string> email;
    std::optional<std::string> username;
    std::optional<std::string> global_name;
    std::optional<std::string> password;
    std::string date_of_birth;
    bool consent;
};

registration read_registration(form& fields)
{
    registration entry;
    entry.email = fields.email("email", presence::optional);
    entry.username = fields.username("username");
    entry.global_name = fields.global_name("global_name", presence::optional);
    entry.password = fields.password("password", presence::optional);
    entry.date_of_birth = fields.date("date_of_birth");
    entry.consent = fields.boolean("consent");
    fields.optional_text("invite_code", presence::nullable, 0, 256);
    return entry;
}

std::optional<reply> refuse(call& now, registration const& entry)
{
    if (!entry.consent)
        return uncoded_form_error("consent", "You must agree to the Terms of Service and Privacy Policy");
    auto const today = std::chrono::floor<std::chrono::days>(now.now);
    if (age_at(entry.date_of_birth, today) < minimum_age)
        return uncoded_form_error("date_of_birth", "You must be at least 13 years old to create an account");
    if (entry.email && !has_mail_domain(*entry.email))
        return coded_form_error("email", "INVALID_EMAIL_ADDRESS");
    if (entry.password && is_common_password(*entry.password))
        return uncoded_form_error("password", "Password is too common");
    if (entry.email) {
        if (auto limited =
                inner_limit(now, "register:email:" + to_lower(*entry.email), registrations_per_email))
            return limited;
    }
    if (auto limited = inner_limit(now, "register:ip:" + now.client_ip, registrations_per_ip))
        return limited;
    if (entry.email && now.server.find_account_by_email(*entry.email))
        return uncoded_form_error("email", "Email already in use");
    return std::nullopt;
}

/// What is left of a name when all that a username may not have is taken away.
std::string username_from(std::string_view name)
{
    std::string made;
    for (char const c : name) {
        bool const plain =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (plain)
            made.push_back(c);
        else if (c == ' ' && !made.empty() && made.back() != '_')
            made.push_back('_');
    }
    while (!made.empty() && made.back() == '_')
        made.pop_back();
    return made.substr(0, 32);
}

reply pending_approval(account const& made)
{
    boost::json::object body;
    body["registration_pending_approval"] = true;
    body["user_id"] = made.id;
    return json_reply(body);
}

} // namespace

reply register_account(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto entry = read_registration(fields);
    if (fields.failed())
        return fields.errors();
    if (auto error = refuse(now, entry))
        return std::move(*error);

    auto& made = now.server.add_account(entry.email.value_or(""), now.now);
    if (entry.password)
        made.password_hash = hash_password(*entry.password);
    made.global_name = entry.global_name.value_or("");
    made.username = entry.username.value_or(username_from(made.global_name));
    if (made.username.empty())
        made.username = "user_" + random_hex(8);
    made.authorized_ips.insert(now.client_ip);
    if (!made.email.empty())
        send_verification_mail(now, made);
    if (now.newer() && now.server.settings.registration_approval)
        return pending_approval(made);
    return new_session_reply(now, made);
}

reply get_username_suggestions(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const name = fields.global_name("global_name", presence::required);
    if (fields.failed())
        return fields.errors();
    boost::json::array suggestions;
    if (auto suggestion = username_from(*name); !suggestion.empty())
        suggestions.emplace_back(std::move(suggestion));
    boost::json::object answer;
    answer["suggestions"] = std::move(suggestions);
    return json_reply(answer);
}

reply check_username(call& now)
{
    auto const body = now.body();
    form fields(body, now.speaks);
    auto const name = fields.text("username", 1, 32);
    if (!fields.failed())
        fields.username("username");
    if (fields.failed())
        return fields.errors();
    boost::json::object answer;
    answer["available"] = !now.server.has_username(name);
    return json_reply(answer);
}

} // namespace fluxer::auth::sandbox_detail
