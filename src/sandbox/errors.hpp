#ifndef FLUXER_AUTH_SANDBOX_ERRORS_HPP
#define FLUXER_AUTH_SANDBOX_ERRORS_HPP

#include "sandbox/exchange.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::sandbox_detail {

struct field_error
{
    std::string path;
    std::string code; // empty: sent without one (contract 6.1)
    std::string message;
};

/// Language of messages, from Accept-Language; only some messages exist in another one than English.
enum class language { english, german, japanese };

language language_of(std::string_view accept_language);

/// Text for people of an API code or validation code.
std::string_view message_of(std::string_view code, language in = language::english);

reply json_reply(boost::json::object const& body, int status = 200);

reply no_content();

/// The envelope of contract 6.1, with extra members at the top level.
reply api_error(
    int status, std::string_view code, boost::json::object extra = {}, language in = language::english);

/// 400 INVALID_FORM_BODY.
reply form_error(std::vector<field_error> const& errors, language in = language::english);

/// One entry without `errors[].code`, always in English.
reply uncoded_form_error(std::string_view path, std::string_view message);

/// One entry with the usual text of its code.
reply coded_form_error(std::string_view path, std::string_view code);

} // namespace fluxer::auth::sandbox_detail

#endif
