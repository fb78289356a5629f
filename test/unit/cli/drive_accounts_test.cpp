// The tool drives a server with accounts that were there before, as it would one that is no sandbox.
#define BOOST_TEST_MODULE drive_accounts
#include "cli/write_file.hpp"

#include <fluxer/auth_sandbox.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

using namespace fluxer::auth;

namespace {

constexpr char const* password = "not in any list 7";

/// Removed with all that is in it.
class folder
{
public:
    folder()
        : path_(std::filesystem::temp_directory_path() / ("drive-accounts-" + std::to_string(::getpid())))
    {
        std::filesystem::create_directory(path_);
    }

    ~folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    folder(folder const&) = delete;
    folder& operator=(folder const&) = delete;

    std::string file(char const* name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

struct fixture
{
    fixture() { cli::write_file(files.file("ca.pem"), server.ca_pem()); }

    void add(std::string const& email, bool with_totp)
    {
        server.create_account(sandbox_account(email, password));
        accounts += email + "\t" + password;
        if (with_totp)
            accounts += "\t" + server.enable_totp(email);
        accounts += "\n";
        emails.push_back(email);
    }

    /// @returns whether the tool succeeded
    bool drive(std::string const& words)
    {
        cli::write_file(files.file("accounts"), accounts);
        auto const command = std::string(FLUXER_AUTH_TOOL " drive --base-url ") + server.base_url() +
                             " --ca " + files.file("ca.pem") + " --accounts " + files.file("accounts") + " " +
                             words;
        return std::system(command.c_str()) == 0;
    }

    std::uint64_t counted(std::string const& operation) const
    {
        auto const counters = server.counters();
        auto const found = counters.requests_by_operation.find(operation);
        return found == counters.requests_by_operation.end() ? 0 : found->second;
    }

    folder files;
    sandbox server;
    std::string accounts;
    std::vector<std::string> emails;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(all_that_accounts_can_do, fixture)
{
    add("ann@example.com", false);
    add("bob@example.com", false);
    for (auto const* email : {"cid@example.com", "dot@example.com", "eve@example.com"})
        add(email, true);
    // One code for each authenticator, which none has used before.
    BOOST_TEST(drive("--flows 15 --concurrency 2 --mix login=8,totp=3,handoff=4"));
    BOOST_TEST(counted("login_user") == 8U + 3U + 2U); // two let others in
    BOOST_TEST(counted("login_with_totp") == 3U);
    BOOST_TEST(counted("complete_handoff") == 4U);
    BOOST_TEST(counted("logout_user") == 15U + 2U);
    for (auto const& email : emails)
        BOOST_TEST(server.sessions_of(email).empty());
}

BOOST_FIXTURE_TEST_CASE(kinds_that_nobody_can_do, fixture)
{
    add("ann@example.com", false);
    BOOST_TEST(!drive("--mix totp=1 --flows 1"));
    BOOST_TEST(!drive("--mix ip=1 --flows 1"));
    BOOST_TEST(counted("login_user") == 0U);
}

BOOST_FIXTURE_TEST_CASE(sessions_end_also_if_the_other_flows_fail, fixture)
{
    add("ann@example.com", false);
    accounts += "nobody@example.com\tmade up for this\n";
    BOOST_TEST(!drive("--flows 4 --concurrency 1 --mix login=2,handoff=2"));
    BOOST_TEST(server.sessions_of("ann@example.com").empty());
}

BOOST_FIXTURE_TEST_CASE(sessions_end_also_if_no_flow_begins, fixture)
{
    add("ann@example.com", false);
    accounts += "nobody@example.com\tmade up for this\n";
    BOOST_TEST(!drive("--flows 2 --concurrency 2 --mix handoff=1"));
    BOOST_TEST(counted("login_user") == 2U);
    BOOST_TEST(counted("logout_user") == 1U);
    BOOST_TEST(server.sessions_of("ann@example.com").empty());
}
