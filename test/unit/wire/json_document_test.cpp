#include "support.hpp"
#include "wire/json_document.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

BOOST_AUTO_TEST_SUITE(json_documents)

BOOST_AUTO_TEST_CASE(small_and_large_texts_are_read)
{
    wire::json_document const small(R"({"a":"b"})");
    BOOST_TEST(small.root()->at("a").as_string() == "b");
    std::string const long_text(100'000, 'x');
    wire::json_document const large("{\"a\":\"" + long_text + "\",\"b\":[1,2,3]}");
    BOOST_TEST(large.root()->at("a").as_string() == long_text);
    BOOST_TEST(large.root()->at("b").as_array().size() == 3u);
}

BOOST_AUTO_TEST_CASE(blanks_around_the_value_are_allowed)
{
    BOOST_TEST((wire::json_document(" \r\n{} \t").root() != nullptr));
}

BOOST_AUTO_TEST_CASE(what_is_no_json_has_no_root)
{
    for (auto const* text : {"", " ", "{", "{}x", "{} {}", "<html>", "'a'", "{a:1}", "[1,]", "NaN", "tru"})
        BOOST_TEST((wire::json_document(text).root() == nullptr), text);
}

BOOST_AUTO_TEST_CASE(names_are_not_compared_without_end)
{
    auto const with_members = [](std::size_t count, std::string const& value) {
        std::string text = "{";
        for (std::size_t number = 0; number < count; ++number)
            text += (number == 0 ? "\"" : ",\"") + std::to_string(number) + "\":" + value;
        return text + "}";
    };
    auto const is_read = [](std::string const& text) { return wire::json_document(text).root() != nullptr; };
    for (auto const* value : {"1", R"("a:b")", R"("\":\\")", R"({"a":{"b":[1,"}",{}]},"c":2})", "[]"}) {
        BOOST_TEST(is_read(with_members(1'400, value)));
        BOOST_TEST(!is_read(with_members(1'414, value)));
    }
    // In all objects together.
    auto const large = with_members(900, "1");
    BOOST_TEST(is_read("[" + large + "," + large + "]"));
    BOOST_TEST(is_read("{\"a\":" + large + ",\"b\":" + large + "}"));
    BOOST_TEST(!is_read("[[" + large + "," + large + "]," + large + "]"));
    BOOST_TEST(is_read("[" + repeated(with_members(5, "1") + ",", 20'000) + "0]"));
    // One name again and again is compared with itself, unless others are with it in the chain.
    BOOST_TEST(is_read("{" + repeated(R"("a":0,)", 100'000) + R"("a":1})"));
    auto const others = with_members(1'000, "1");
    BOOST_TEST(!is_read(others.substr(0, others.size() - 1) + repeated(R"(,"0":1)", 1'000) + "}"));
    auto const crowded = with_members(1'414, "1");
    BOOST_TEST(!is_read("{\"a\":" + crowded + "}"));
    // As is what is too deep, and what ends within a string.
    BOOST_TEST(!is_read(std::string(20'000, '[')));
    BOOST_TEST(!is_read(large + std::string(20'000, '"')));
    BOOST_TEST(!is_read(std::string(20'000, '\\')));
    BOOST_TEST(!is_read("\"" + std::string(20'001, '\\')));
}

BOOST_AUTO_TEST_CASE(a_copy_has_storage_of_its_own)
{
    boost::json::value copy;
    {
        wire::json_document const document(R"({"a":{"b":"a string that is too long to be kept in place"}})");
        copy = boost::json::value(*document.root(), boost::json::storage_ptr());
    }
    BOOST_TEST(copy.at("a").at("b").as_string().ends_with("in place"));
}

BOOST_AUTO_TEST_SUITE_END()
