#include "cli/drive_people.hpp"

#include "cli/write_file.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include <unistd.h>

namespace fluxer::auth::cli {

namespace {

/// A file that is removed again.
class people_file
{
public:
    explicit people_file(std::string_view text)
        : path_((std::filesystem::temp_directory_path() / ("people-" + std::to_string(::getpid()))).string())
    {
        write_file(path_, text);
    }

    ~people_file() { std::remove(path_.c_str()); }

    people_file(people_file const&) = delete;
    people_file& operator=(people_file const&) = delete;

    std::string const& path() const noexcept { return path_; }

private:
    std::string path_;
};

/// What is wrong with a file, without its path.
std::string people_complaint(std::string_view text)
{
    people_file const file(text);
    try {
        people_in(file.path());
    } catch (std::runtime_error const& e) {
        std::string const what = e.what();
        return what.substr(what.find(file.path()) + file.path().size());
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(drive_people_suite)

BOOST_AUTO_TEST_CASE(a_file_of_people)
{
    people_file const file(
        "# who\n\nann@example.com\tpass word\r\nbob@example.com\tsesame!\tJBSWY3DPEHPK3PXP\n");
    auto const people = people_in(file.path());
    BOOST_TEST_REQUIRE(people.size() == 2U);
    BOOST_TEST(people[0].email == "ann@example.com");
    BOOST_TEST((people[0].password == secret("pass word")));
    BOOST_TEST(!people[0].totp_key);
    BOOST_TEST((people[1].totp_key == secret("JBSWY3DPEHPK3PXP")));
}

BOOST_AUTO_TEST_CASE(files_that_are_wrong)
{
    BOOST_TEST(people_complaint("# nobody\n") == " names nobody");
    BOOST_TEST(
        people_complaint("\nann@example.com\n") ==
        ", line 2: an e-mail address, a tab and a password are wanted");
    BOOST_TEST(
        people_complaint("\tsesame\n") == ", line 1: an e-mail address, a tab and a password are wanted");
    BOOST_TEST(people_complaint("a@b.c\tsesame\t1!\n") == ", line 1: the authenticator's key is not base32");
    BOOST_TEST(people_complaint("a@b.c\tsesame\tJBSWY3DP\tx\n") == ", line 1: there is a fourth field");
    BOOST_CHECK_THROW(people_in("/nowhere/people"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(people_take_turns)
{
    drive_people people;
    for (auto const* email : {"a", "b"}) {
        drive_person who;
        who.email = email;
        people.add(flow_kind::totp, who);
    }
    BOOST_TEST(people.next(flow_kind::totp).email == "a");
    BOOST_TEST(people.next(flow_kind::totp).email == "b");
    BOOST_TEST(people.next(flow_kind::totp).email == "a");
}

BOOST_AUTO_TEST_CASE(no_code_is_used_twice)
{
    drive_person who;
    BOOST_TEST(take_code(who, 100) == 100);
    BOOST_TEST(take_code(who, 100) == 101);
    BOOST_TEST(take_code(who, 101) == 102);
    BOOST_TEST(take_code(who, 200) == 200);
}

BOOST_AUTO_TEST_CASE(addresses_differ_and_wrap_around)
{
    address_book const book(0xff'fffe);
    BOOST_TEST(book.at(0) == "10.255.255.254");
    BOOST_TEST(book.at(1) == "10.255.255.255");
    BOOST_TEST(book.at(2) == "10.0.0.0");
    BOOST_TEST(address_book(0).at(66'051) == "10.1.2.3");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
