#include "cli/arguments.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <vector>

namespace fluxer::auth::cli {

namespace {

constexpr std::array options{
    option_spec{"port", "N", "a port"}, option_spec{"ca", "FILE", "a file"},
    option_spec{"quick", "", "a flag"}};
constexpr command_spec command{"serve", "serve things", options};

arguments parse(std::vector<char const*> words)
{
    return arguments(command, words);
}

/// The complaint about a command line, or nothing if there is none.
template <class F>
std::string complaint_of(F use)
{
    try {
        use();
    } catch (usage_error const& e) {
        return e.what();
    }
    return {};
}

std::string complaint_of_words(std::vector<char const*> words)
{
    return complaint_of([&words] { parse(words); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(arguments_suite)

BOOST_AUTO_TEST_CASE(values_and_flags)
{
    auto const given = parse({"--port", "80", "--quick", "--ca=a=b.pem"});
    BOOST_TEST(given.number("port", 0, 100).value() == 80U);
    BOOST_TEST(given.has("quick"));
    BOOST_TEST(given.text("ca").value() == "a=b.pem");
    BOOST_TEST(!given.wants_help());
}

BOOST_AUTO_TEST_CASE(nothing_given)
{
    auto const given = parse({});
    BOOST_TEST(!given.has("quick"));
    BOOST_TEST(!given.text("ca"));
    BOOST_TEST(!given.number("port", 0, 100));
    BOOST_TEST(complaint_of([&given] { given.required("ca"); }) == "--ca is required");
}

BOOST_AUTO_TEST_CASE(wrong_words)
{
    BOOST_TEST(complaint_of_words({"--prot", "1"}) == "unknown option --prot");
    BOOST_TEST(complaint_of_words({"--prot=1"}) == "unknown option --prot");
    BOOST_TEST(complaint_of_words({"port"}) == "'port' is not an option");
    BOOST_TEST(complaint_of_words({"-p"}) == "'-p' is not an option");
    BOOST_TEST(complaint_of_words({"--"}) == "'--' is not an option");
    BOOST_TEST(complaint_of_words({"--=x"}) == "unknown option --");
    BOOST_TEST(complaint_of_words({"--quick", "--quick"}) == "--quick is given twice");
    BOOST_TEST(complaint_of_words({"--quick=yes"}) == "--quick takes no value");
    BOOST_TEST(complaint_of_words({"--quick", "yes"}) == "'yes' is not an option");
}

BOOST_AUTO_TEST_CASE(missing_values)
{
    BOOST_TEST(complaint_of_words({"--ca"}) == "--ca needs a value: --ca FILE");
    BOOST_TEST(complaint_of_words({"--ca", "--quick"}) == "--ca needs a value: --ca FILE");
    BOOST_TEST(complaint_of_words({"--ca="}) == "--ca needs a value: --ca FILE");
    BOOST_TEST(complaint_of_words({"--ca", ""}) == "--ca needs a value: --ca FILE");
}

BOOST_AUTO_TEST_CASE(numbers_out_of_range)
{
    for (auto const* const wrong :
         {"x", "8x", "-1", "1.5", "+5", " 5", "4", "11", "99999999999999999999999"}) {
        auto const given = parse({"--port", wrong});
        BOOST_TEST(complaint_of([&given] {
                       given.number("port", 5, 10);
                   }) == "--port: '" + std::string(wrong) + "' is not a whole number from 5 to 10");
    }
    BOOST_TEST(parse({"--port", "5"}).number("port", 5, 10).value() == 5U);
    BOOST_TEST(parse({"--port", "10"}).number("port", 5, 10).value() == 10U);
}

BOOST_AUTO_TEST_CASE(decimals)
{
    BOOST_TEST(parse({"--port", "0.5"}).decimal("port", 0.05, 10'080).value() == 0.5);
    BOOST_TEST(parse({"--port", "3"}).decimal("port", 0.05, 10'080).value() == 3.0);
    BOOST_TEST(!parse({}).decimal("port", 0.05, 10'080));
    for (auto const* wrong : {"0.04", "10081", "-1", "nan", "inf", "1e2", "1.5x", ".", "1,5"})
        BOOST_TEST(complaint_of([wrong] {
                       parse({"--port", wrong}).decimal("port", 0.05, 10'080);
                   }) == "--port: '" + std::string(wrong) + "' is not a number from 0.05 to 10080");
}

BOOST_AUTO_TEST_CASE(choices)
{
    static constexpr std::array<std::string_view, 3> names{"one", "two", "three"};
    BOOST_TEST(parse({"--ca", "two"}).choice("ca", names).value() == "two");
    BOOST_TEST(!parse({}).choice("ca", names));
    BOOST_TEST(complaint_of([] {
                   parse({"--ca", "four"}).choice("ca", names);
               }) == "--ca must be one, two or three");
}

BOOST_AUTO_TEST_CASE(help_wins_over_mistakes)
{
    BOOST_TEST(parse({"--prot", "--help"}).wants_help());
    BOOST_TEST(parse({"-h"}).wants_help());
}

BOOST_AUTO_TEST_CASE(help_lists_options_in_columns)
{
    BOOST_TEST(
        help_text("tool", command) == "usage: tool serve [options]\n"
                                      "\n"
                                      "serve things\n"
                                      "\n"
                                      "  --port N   a port\n"
                                      "  --ca FILE  a file\n"
                                      "  --quick    a flag\n"
                                      "  --help     this text\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
