#include "secrets/memory.hpp"
#include "secrets/server_process.hpp"

#include <fluxer/auth.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <random>

namespace fluxer::auth::test {

namespace {

constexpr char const* email = "ada@example.com";

/// Made at run time, so that no constant of the program holds it.
hidden_text random_password()
{
    std::random_device device;
    std::string text;
    for (int count = 0; count < 24; ++count)
        text.push_back(static_cast<char>('a' + device() % 26));
    return hidden_text::hide(text);
}

boost::asio::awaitable<void> log_in(
    client& api, hidden_text const& password, std::optional<hidden_text>& token)
{
    auto outcome = co_await api.login_user({email, password.reveal()});
    BOOST_REQUIRE(outcome.has_value());
    auto* const got = std::get_if<session>(&*outcome);
    BOOST_REQUIRE(got != nullptr);
    auto const sessions = co_await api.list_auth_sessions(got->token);
    BOOST_REQUIRE(sessions.has_value());
    token.emplace(hidden_text::hide(got->token.reveal()));
}

/// Everything that a login leaves behind is gone with the client and its context.
hidden_text token_of_login(server_process const& server, hidden_text const& password)
{
    std::optional<hidden_text> token;
    boost::asio::io_context context{1};
    client api(context.get_executor(), client_options(server.base_url()).with_ca_pem(server.ca_pem()));
    boost::asio::co_spawn(context, log_in(api, password, token), [](std::exception_ptr failed) {
        if (failed)
            std::rethrow_exception(failed);
    });
    context.run();
    BOOST_REQUIRE(token.has_value());
    return *std::move(token);
}

} // namespace

BOOST_AUTO_TEST_SUITE(secrets_in_memory)

// A search that finds nothing must be one that could have found something.
BOOST_AUTO_TEST_CASE(the_search_finds_what_is_there)
{
    auto const hidden = random_password();
    BOOST_TEST(places_of(hidden).empty());
    auto const open = hidden.reveal();
    BOOST_TEST(!places_of(hidden).empty());
}

BOOST_AUTO_TEST_CASE(a_login_leaves_neither_password_nor_token)
{
    auto const password = random_password();
    server_process const server(email, password);
    auto const token = token_of_login(server, password);
    check_nowhere(password, "password");
    check_nowhere(token, "token");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::test
