#include "support/checks.hpp"

#include <algorithm>

namespace fluxer::auth::test {

namespace {

bool is_base62(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    });
}

std::string text_of(field_list const& fields)
{
    std::string text;
    for (auto const& [path, code] : fields)
        text += path + "=" + code + " ";
    return text;
}

void check_fields(error const& e, field_list const& expected)
{
    field_list found;
    for (auto const& entry : e.fields()) {
        found.emplace_back(entry.path, entry.code);
        BOOST_TEST(!entry.message.empty());
        BOOST_TEST((e.field(entry.path) != nullptr));
    }
    BOOST_TEST(text_of(found) == text_of(expected));
}

void check_text(error const& e)
{
    auto const text = e.to_string();
    BOOST_TEST(text.find_first_of("\r\n") == std::string::npos);
    BOOST_TEST(text.starts_with(to_string(e.operation())));
    BOOST_TEST(text.find("flx_") == std::string::npos);
}

void check_answered(error const& e, operation what, errc code, int status)
{
    BOOST_TEST(e.code() == make_error_code(code));
    BOOST_TEST((e.code() == condition::api));
    BOOST_TEST(to_string(e.operation()) == to_string(what));
    BOOST_TEST(to_string(e.phase()) == to_string(phase::done));
    BOOST_TEST(e.http_status() == status);
    BOOST_TEST(e.request_was_sent());
    BOOST_TEST(e.info().answer_began);
    BOOST_TEST(e.attempts() == 1U);
    BOOST_TEST(!e.message().empty());
    BOOST_TEST(!e.request_id().empty());
    BOOST_TEST(e.remote_endpoint().starts_with("127.0.0.1:"));
    BOOST_TEST(!e.limit().has_value());
    check_text(e);
}

/// The typed details that belong to other codes must not be there.
void check_details(error const& e, errc code)
{
    BOOST_TEST((e.ip_authorization() != nullptr) == (code == errc::ip_authorization_required));
    BOOST_TEST((e.sudo() != nullptr) == (code == errc::sudo_required));
    BOOST_TEST((e.captcha() != nullptr) == (code == errc::captcha_required || code == errc::captcha_invalid));
    BOOST_TEST((e.rate_limit() != nullptr) == (e.http_status() == 429));
}

} // namespace

std::string place(source_location const& at)
{
    return std::string(at.file_name()) + ":" + std::to_string(at.line());
}

void check_failure(error const& e, operation what, api_failure const& expected, source_location at)
{
    BOOST_TEST_CONTEXT(place(at) << ": " << e)
    {
        check_answered(e, what, expected.code, expected.status);
        check_details(e, expected.code);
        BOOST_TEST((e.api_code() == expected.api));
        BOOST_TEST(e.api_code_text() == expected.text);
        if (expected.code != errc::rejected_input)
            BOOST_TEST(e.fields().empty());
    }
}

void check_rejection(error const& e, operation what, field_list const& fields, source_location at)
{
    check_failure(e, what, {errc::rejected_input, 400, api_code::invalid_form_body, "INVALID_FORM_BODY"}, at);
    BOOST_TEST_CONTEXT(place(at) << ": " << e)
    {
        check_fields(e, fields);
        BOOST_TEST((e.advice() == retry_advice::no));
    }
}

void check_refusal(error const& e, operation what, field_list const& fields, source_location at)
{
    BOOST_TEST_CONTEXT(place(at) << ": " << e)
    {
        BOOST_TEST(e.code() == make_error_code(errc::invalid_request));
        BOOST_TEST((e.code() == condition::local));
        BOOST_TEST(to_string(e.operation()) == to_string(what));
        BOOST_TEST(to_string(e.phase()) == to_string(phase::validation));
        BOOST_TEST(e.http_status() == 0);
        BOOST_TEST((e.api_code() == api_code::none));
        BOOST_TEST(e.attempts() == 0U);
        BOOST_TEST(!e.request_was_sent());
        BOOST_TEST((e.advice() == retry_advice::no));
        check_fields(e, fields);
        check_text(e);
    }
}

void check_lost(error const& e, operation what, source_location at)
{
    BOOST_TEST_CONTEXT(place(at) << ": " << e)
    {
        BOOST_TEST(e.code() == make_error_code(errc::connection_lost));
        BOOST_TEST((e.code() == condition::transport));
        BOOST_TEST(to_string(e.operation()) == to_string(what));
        BOOST_TEST(e.http_status() == 0);
        BOOST_TEST(e.request_was_sent());
        BOOST_TEST(e.remote_endpoint().starts_with("127.0.0.1:"));
        check_text(e);
    }
}

bool looks_like_session_token(secret const& token)
{
    auto const text = token.reveal();
    return text.size() == 40 && text.starts_with("flx_") && is_base62(text.substr(4));
}

bool looks_like_ticket(secret const& ticket)
{
    return ticket.size() == 64 && is_base62(ticket.reveal());
}

session session_in(login_result answer, source_location at)
{
    auto* const found = std::get_if<session>(&answer);
    BOOST_TEST_CONTEXT(place(at))
    {
        BOOST_REQUIRE(found);
    }
    return std::move(*found);
}

} // namespace fluxer::auth::test
