#ifndef FLUXER_AUTH_TEST_SUPPORT_FIXTURE_HPP
#define FLUXER_AUTH_TEST_SUPPORT_FIXTURE_HPP

#include "support/checks.hpp"
#include "support/descriptors.hpp"
#include "support/run.hpp"

#include <fluxer/auth.hpp>
#include <fluxer/auth_sandbox.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fluxer::auth::test {

inline constexpr char const* email = "ada@example.com";
inline constexpr char const* password = "correct horse battery";
inline constexpr char const* other_password = "another long passphrase";
inline constexpr char const* other_ip = "203.0.113.7";

/// Fixture of a suite: the sandbox that its cases share, and the check that all descriptors are closed behind it.
class suite_sandbox
{
public:
    suite_sandbox();
    suite_sandbox(suite_sandbox const&) = delete;
    suite_sandbox& operator=(suite_sandbox const&) = delete;
    ~suite_sandbox();

    static sandbox& server();

private:
    descriptor_check descriptors_;
    std::optional<sandbox> server_;
};

/// Fixture of a case: the suite's sandbox as good as new, and a client for it.
class api_fixture
{
public:
    api_fixture();
    api_fixture(api_fixture const&) = delete;
    api_fixture& operator=(api_fixture const&) = delete;
    /// Also checks that the client's end leaves nothing behind that goes on.
    ~api_fixture();

    sandbox& server;
    runner run;

private:
    std::optional<client> client_;

public:
    client& api;

    /// How to reach the sandbox.
    client_options options() const;

    client make_client(client_options options) { return client(run.executor(), std::move(options)); }

    /// A verified account with `password`.
    /// @returns its user id
    std::string add_account(std::string address = email);

    secret add_session(std::string_view address = email) { return secret(server.create_session(address)); }

    /// Runs a call that has to succeed.
    template <class T>
    T ok(boost::asio::awaitable<result<T>> call, source_location at = source_location::current())
    {
        return value_of(run(std::move(call)), at);
    }

    /// Runs a call that has to fail.
    template <class T>
    error fails(boost::asio::awaitable<result<T>> call, source_location at = source_location::current())
    {
        return error_of(run(std::move(call)), at);
    }

    /// Runs a call that has to fail before anything goes to the server.
    template <class T>
    void refused(
        boost::asio::awaitable<result<T>> call, operation what, field_list const& fields,
        source_location at = source_location::current())
    {
        auto const before = server.counters();
        auto const e = error_of(run(std::move(call)), at);
        check_refusal(e, what, fields, at);
        auto const after = server.counters();
        BOOST_TEST_CONTEXT(place(at))
        {
            BOOST_TEST(after.requests == before.requests);
            BOOST_TEST(after.connections_accepted == before.connections_accepted);
        }
    }

    /// Logs in to an account that has MFA.
    mfa_challenge challenge(std::string_view address = email);

    std::uint64_t requests() const { return server.counters().requests; }

    std::uint64_t requests_of(operation what) const;
    /// As the sandbox calls it.
    std::uint64_t requests_of(std::string_view what) const;
};

} // namespace fluxer::auth::test

#endif
