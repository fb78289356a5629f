#include "core/secret_buffer.hpp"
#include "freed_memory.hpp"

#include <fluxer/auth/secret.hpp>

#include <boost/test/unit_test.hpp>

#include <concepts>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace {

using fluxer::auth::secret;
using fluxer::auth::test::freed_memory_watch;

constexpr std::string_view text = "correct horse battery staple, and some more of it";

template <class T>
concept streamable = requires(std::ostream& out, T const& value)
{
    out << value;
};

static_assert(!streamable<secret>);
static_assert(std::convertible_to<char const*, secret>);
static_assert(std::convertible_to<std::string, secret>);

} // namespace

BOOST_AUTO_TEST_SUITE(secrets)

BOOST_AUTO_TEST_CASE(the_watch_sees_what_a_string_leaves_behind)
{
    freed_memory_watch const watch(text);
    {
        std::string const careless(text);
    }
    BOOST_TEST(watch.found() == 1U);
}

BOOST_AUTO_TEST_CASE(converts_from_every_kind_of_text)
{
    std::string const constant(text);
    BOOST_TEST(secret(text).reveal() == text);
    BOOST_TEST(secret(constant).reveal() == text);
    BOOST_TEST(secret(std::string(text)).reveal() == text);
    BOOST_TEST(secret("abc").reveal() == "abc");
    BOOST_TEST(secret(static_cast<char const*>(nullptr)).empty());
    BOOST_TEST(secret("").empty());
    BOOST_TEST(secret().empty());
    BOOST_TEST(secret(std::string_view("a\0b", 3)).size() == 3U);
}

BOOST_AUTO_TEST_CASE(destruction_cleanses)
{
    freed_memory_watch const watch(text);
    {
        secret const first(text);
        secret const second(first);
        BOOST_TEST(second.reveal() == text);
    }
    BOOST_TEST(watch.found() == 0U);
}

BOOST_AUTO_TEST_CASE(assignment_cleanses_what_was_there)
{
    freed_memory_watch const watch(text);
    secret first(text);
    first = secret("another");
    BOOST_TEST(first.reveal() == "another");
    secret second(text);
    second = first;
    BOOST_TEST(second.reveal() == "another");
    BOOST_TEST(watch.found() == 0U);
}

BOOST_AUTO_TEST_CASE(assignment_to_itself_keeps_the_text)
{
    secret value(text);
    auto const& same = value;
    value = same;
    BOOST_TEST(value.reveal() == text);
    auto& alias = value;
    value = std::move(alias);
    BOOST_TEST(value.reveal() == text);
    value = secret(value.reveal().substr(8));
    BOOST_TEST(value.reveal() == text.substr(8));
}

BOOST_AUTO_TEST_CASE(what_was_moved_from_is_empty)
{
    secret source(text);
    secret const target(std::move(source));
    BOOST_TEST(source.empty()); // NOLINT(bugprone-use-after-move): this is what is tested
    BOOST_TEST(source.reveal().empty());
    BOOST_TEST(target.reveal() == text);
    source = secret("used again");
    BOOST_TEST(source.reveal() == "used again");
}

BOOST_AUTO_TEST_CASE(a_string_given_away_is_cleansed)
{
    freed_memory_watch const watch(text);
    {
        std::string source(text);
        secret const value(std::move(source));
        BOOST_TEST(source.empty()); // NOLINT(bugprone-use-after-move): this is what is tested
        BOOST_TEST(value.reveal() == text);
    }
    BOOST_TEST(watch.found() == 0U);
}

BOOST_AUTO_TEST_CASE(a_short_string_given_away_is_cleansed_in_place)
{
    std::string source("hunter2");
    secret const value(std::move(source));
    source.resize(7); // NOLINT(bugprone-use-after-move): this is what is tested
    BOOST_TEST(source == std::string(7, '\0'));
    BOOST_TEST(value.reveal() == "hunter2");
}

BOOST_AUTO_TEST_CASE(what_a_string_held_before_it_shrank_is_cleansed)
{
    freed_memory_watch const watch(text.substr(16));
    {
        std::string source(text);
        source.resize(4);
        secret const value(std::move(source));
        BOOST_TEST(value.reveal() == text.substr(0, 4));
    }
    BOOST_TEST(watch.found() == 0U);
}

BOOST_AUTO_TEST_CASE(equality_is_that_of_the_texts)
{
    BOOST_TEST((secret("abc") == secret("abc")));
    BOOST_TEST((secret("abc") != secret("abd")));
    BOOST_TEST((secret("abc") != secret("ab")));
    BOOST_TEST((secret() == secret("")));
    BOOST_TEST((secret() != secret("a")));
}

BOOST_AUTO_TEST_CASE(a_growing_buffer_leaves_nothing_behind)
{
    freed_memory_watch const watch(text);
    {
        fluxer::auth::core::secret_buffer buffer;
        for (int count = 0; count < 100; ++count)
            buffer.append(text);
        BOOST_TEST(buffer.view().ends_with(text));
        buffer.resize(10);
        fluxer::auth::core::secret_buffer const other(std::move(buffer));
        BOOST_TEST(other.size() == 10U);
    }
    BOOST_TEST(watch.found() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
