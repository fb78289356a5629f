#ifndef FLUXER_AUTH_SANDBOX_VALIDATION_HPP
#define FLUXER_AUTH_SANDBOX_VALIDATION_HPP

#include "sandbox/errors.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::sandbox_detail {

enum class presence { required, optional, nullable };

/// Body of a request as the server sees it: unparsable is `{}`, empty strings and empty objects are null
/// (contract 2).
boost::json::value parse_body(std::string_view bytes);

/// Reads the fields of a body one after the other and collects what is wrong with them.
class form
{
public:
    form(boost::json::value const& body, language in);

    std::string text(std::string_view key, std::size_t min = 1, std::size_t max = 256);
    std::optional<std::string> optional_text(
        std::string_view key, presence need, std::size_t min = 1, std::size_t max = 256);
    /// For the 64 characters of mailed tokens.
    std::string exact_text(std::string_view key, std::size_t length);
    std::optional<std::string> email(std::string_view key, presence need);
    std::optional<std::string> password(std::string_view key, presence need);
    std::optional<std::string> username(std::string_view key);
    std::optional<std::string> global_name(std::string_view key, presence need);
    std::string date(std::string_view key);
    bool boolean(std::string_view key);
    std::optional<std::string> one_of(std::string_view key, std::vector<std::string_view> const& values);
    std::vector<std::string> texts(std::string_view key, std::size_t max_count);
    /// Null unless it is a non-empty object; never an error.
    boost::json::object const* object(std::string_view key) const;

    bool failed() const { return !errors_.empty(); }

    reply errors() const { return form_error(errors_, language_); }

private:
    boost::json::value const* member(std::string_view key) const;
    std::optional<std::string> string_member(std::string_view key, presence need);
    void add(std::string_view key, std::string_view code, std::string message = {});
    void add_length_error(std::string_view key, std::size_t min, std::size_t max);

    boost::json::object const* members_ = nullptr;
    language language_;
    std::vector<field_error> errors_;
};

/// Usual form `local@domain.tld`, whatever is in the local part.
bool is_email_address(std::string_view text);

/// Local part of ASCII characters that need no quotes.
bool has_plain_local_part(std::string_view text);

/// Domains below .invalid (RFC 2606) stand for those without DNS.
bool has_mail_domain(std::string_view email);

bool is_common_password(std::string_view password);

/// Whole years between a date YYYY-MM-DD and a day; 0 for an impossible date.
int age_at(std::string_view date_of_birth, std::chrono::sys_days today);

} // namespace fluxer::auth::sandbox_detail

#endif
