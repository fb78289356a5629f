#define BOOST_TEST_MODULE fault_workers
#include <boost/test/unit_test.hpp>

#include "runner/workers.hpp"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <signal.h>
#include <unistd.h>

namespace fluxer::auth::faults {

namespace {

using kind = script_result::kind;

/// The scripts are no files: the name of each says what becomes of it.
kind act(std::filesystem::path const& script)
{
    auto const name = script.string();
    std::cout << "this is " << name;
    if (name == "kill")
        ::raise(SIGKILL);
    if (name == "exit")
        ::_exit(3);
    if (name == "leak")
        std::atexit([] { ::_exit(23); });
    if (name == "throw")
        throw std::runtime_error(", thrown");
    return name == "fail" ? kind::failed : name == "skip" ? kind::skipped : kind::passed;
}

struct told
{
    std::string name;
    script_result what;
};

std::vector<told> run(std::size_t together, std::vector<std::filesystem::path> const& scripts)
{
    std::vector<told> all;
    workers pool(2, together, act, [&all](std::filesystem::path const& file, script_result const& what) {
        all.push_back({file.string(), what});
    });
    pool.run(scripts);
    return all;
}

void check(std::vector<told> const& all, std::vector<told> const& expected)
{
    BOOST_REQUIRE_EQUAL(all.size(), expected.size());
    for (std::size_t index = 0; index < all.size(); ++index) {
        BOOST_TEST_CONTEXT(expected[index].name)
        {
            BOOST_TEST(all[index].name == expected[index].name);
            BOOST_TEST((all[index].what.how == expected[index].what.how));
            BOOST_TEST(all[index].what.text.find(expected[index].what.text) != std::string::npos);
        }
    }
}

told one(std::string const& name, kind how, std::string const& text)
{
    return {name, {how, text}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(workers_of_the_fault_runner)

BOOST_AUTO_TEST_CASE(each_result_is_told_in_order)
{
    for (std::size_t together : {1, 2, 3, 100})
        check(
            run(together, {"a", "fail", "skip", "throw", "b"}),
            {one("a", kind::passed, "this is a"), one("fail", kind::failed, "this is fail"),
             one("skip", kind::skipped, "this is skip"), one("throw", kind::failed, "this is throw, thrown"),
             one("b", kind::passed, "this is b")});
}

BOOST_AUTO_TEST_CASE(a_process_that_dies_takes_no_other_script_along)
{
    for (std::size_t together : {1, 2, 3, 100})
        check(
            run(together, {"a", "kill", "b", "exit", "exit", "c"}),
            {one("a", kind::passed, ""), one("kill", kind::failed, "crashed: Killed"),
             one("b", kind::passed, "this is b"), one("exit", kind::failed, "ended with status 3"),
             one("exit", kind::failed, "ended with status 3"), one("c", kind::passed, "this is c")});
}

BOOST_AUTO_TEST_CASE(what_only_shows_at_a_process_end_is_told_of_its_last_script)
{
    check(
        run(1, {"a", "leak", "b"}),
        {one("a", kind::passed, ""), one("leak", kind::failed, "ended with status 23"),
         one("b", kind::passed, "")});
    check(
        run(3, {"a", "leak", "b"}),
        {one("a", kind::passed, ""), one("leak", kind::passed, ""),
         one("b", kind::failed, "one of the 3 scripts up to this one: ended with status 23")});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::faults
