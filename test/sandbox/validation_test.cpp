#include "sandbox/text.hpp"
#include "sandbox/validation.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>

using namespace fluxer::auth::sandbox_detail;

namespace {

/// "path:code" of what is wrong with a body.
std::string errors_of(std::string_view body, std::function<void(form&)> const& read)
{
    auto const parsed = parse_body(body);
    form fields(parsed, language::english);
    read(fields);
    auto const answer = boost::json::parse(fields.errors().body);
    std::string all;
    for (auto const& error : answer.at("errors").as_array()) {
        auto const* code = error.as_object().if_contains("code");
        all += all.empty() ? "" : " ";
        all += std::string(error.at("path").as_string()) + ":" + (code ? code->as_string().c_str() : "-");
    }
    return all;
}

std::string email_errors(std::string_view body)
{
    return errors_of(body, [](form& fields) { fields.email("email", presence::required); });
}

std::string text_errors(std::string_view body)
{
    return errors_of(body, [](form& fields) { fields.text("t", 1, 5); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(validation)

BOOST_AUTO_TEST_CASE(unparsable_bodies_are_empty_objects)
{
    for (auto const* body : {"", "{", "%%%", "{\"t\":\"x\"} trailing"})
        BOOST_TEST(text_errors(body) == "t:INVALID_FORMAT");
}

BOOST_AUTO_TEST_CASE(other_roots_than_objects_are_refused_as_a_whole)
{
    for (auto const* body : {"null", "[]", "5", "\"x\""})
        BOOST_TEST(text_errors(body) == "root:INVALID_FORMAT");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_tolerated)
{
    BOOST_TEST(text_errors("\xEF\xBB\xBF{\"t\":\"x\"}") == "");
}

BOOST_AUTO_TEST_CASE(empty_strings_are_null_and_blank_ones_too_short)
{
    BOOST_TEST(text_errors(R"({"t":""})") == "t:INVALID_FORMAT");
    BOOST_TEST(text_errors(R"({"t":"  "})") == "t:STRING_LENGTH_INVALID");
    BOOST_TEST(
        errors_of(R"({"t":""})", [](form& fields) { fields.optional_text("t", presence::nullable); }) == "");
    BOOST_TEST(errors_of(R"({"t":""})", [](form& fields) {
                   fields.optional_text("t", presence::optional);
               }) == "t:INVALID_FORMAT");
}

BOOST_AUTO_TEST_CASE(nothing_is_coerced)
{
    BOOST_TEST(text_errors(R"({"t":5})") == "t:INVALID_FORMAT");
    BOOST_TEST(errors_of(R"({"c":"true"})", [](form& fields) { fields.boolean("c"); }) == "c:INVALID_FORMAT");
}

BOOST_AUTO_TEST_CASE(lengths_are_utf16_units_after_trimming)
{
    BOOST_TEST(text_errors("{\"t\":\" \xF0\x9F\x9A\x80\xF0\x9F\x9A\x80 \"}") == "");
    BOOST_TEST(
        text_errors("{\"t\":\"\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80\xF0\x9F\x9A\x80\"}") ==
        "t:STRING_LENGTH_INVALID");
    BOOST_TEST(text_errors(R"({"t":"ab\u0001\u202ecde"})") == "");
}

BOOST_AUTO_TEST_CASE(normalising_strips_and_trims)
{
    BOOST_TEST(
        normalise(" \t a\x01"
                  "b\xE2\x80\xAE\xC2\xA0 ") == "ab");
    BOOST_TEST(normalise("") == "");
}

BOOST_AUTO_TEST_CASE(malformed_utf8_becomes_replacement_characters)
{
    BOOST_TEST(
        to_valid_utf8("a\xFF"
                      "b\xE2\x82") == "a\xEF\xBF\xBD"
                                      "b\xEF\xBF\xBD");
    BOOST_TEST(to_valid_utf8("\xED\xA0\x80") == "\xEF\xBF\xBD");
}

BOOST_AUTO_TEST_CASE(emails)
{
    BOOST_TEST(email_errors(R"({"email":"a.b+c@example.com"})") == "");
    BOOST_TEST(
        email_errors(R"({"email":"nope"})") == "email:INVALID_EMAIL_FORMAT email:INVALID_EMAIL_LOCAL_PART");
    BOOST_TEST(email_errors(R"({"email":"a@nodot"})") == "email:INVALID_EMAIL_FORMAT");
    auto const domain = std::string(60, 'd');
    auto const longest = "a@" + domain + "." + domain + "." + domain + "." + domain + "." + domain + ".com";
    BOOST_TEST(
        email_errors("{\"email\":\"" + longest + "\"}") ==
        "email:EMAIL_LENGTH_INVALID email:INVALID_EMAIL_FORMAT");
}

BOOST_AUTO_TEST_CASE(usernames)
{
    auto const check = [](std::string const& name) {
        return errors_of("{\"u\":\"" + name + "\"}", [](form& fields) { fields.username("u"); });
    };
    BOOST_TEST(check("alice_9") == "");
    BOOST_TEST(check("a b") == "u:USERNAME_INVALID_CHARACTERS");
    BOOST_TEST(check("Everyone") == "u:USERNAME_RESERVED_VALUE");
    BOOST_TEST(check("xFluxerx") == "u:USERNAME_CANNOT_CONTAIN_RESERVED_TERMS");
    BOOST_TEST(check(std::string(33, 'u')) == "u:USERNAME_LENGTH_INVALID");
}

BOOST_AUTO_TEST_CASE(dates_and_arrays)
{
    auto const date = [](form& fields) { fields.date("d"); };
    BOOST_TEST(errors_of(R"({"d":"2000-01-01"})", date) == "");
    BOOST_TEST(errors_of(R"({"d":"01/01/2000"})", date) == "d:INVALID_FORMAT");
    BOOST_TEST(errors_of(R"({"d":"x"})", date) == "d:STRING_LENGTH_EXACT d:INVALID_FORMAT");
    auto const array = [](form& fields) { fields.texts("a", 2); };
    BOOST_TEST(errors_of(R"({"a":[]})", array) == "");
    BOOST_TEST(errors_of(R"({"a":["x",5]})", array) == "a.1:INVALID_FORMAT");
    BOOST_TEST(errors_of(R"({"a":["x","y","z"]})", array) == "a:INVALID_FORMAT");
    BOOST_TEST(errors_of(R"({})", array) == "a:INVALID_FORMAT");
}

BOOST_AUTO_TEST_CASE(ages)
{
    using namespace std::chrono;
    sys_days const today = year{2026} / 2 / 19;
    BOOST_TEST(age_at("2013-02-19", today) == 13);
    BOOST_TEST(age_at("2013-02-20", today) == 12);
    BOOST_TEST(age_at("2000-13-45", today) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
