#include "cli/soak_resources.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <unistd.h>

namespace fluxer::auth::cli {

using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;

resources holding(std::uint64_t client_descriptors, std::uint64_t rss)
{
    resources now;
    now.descriptors = client_descriptors + 20;
    now.client_descriptors = client_descriptors;
    now.rss = rss;
    return now;
}

std::string complaint_of(resource_log const& log, bool memory = true)
{
    auto const all = resource_complaints(log, 32, memory);
    BOOST_TEST(all.size() <= 1U);
    return all.empty() ? std::string{} : all.front();
}

} // namespace

BOOST_AUTO_TEST_SUITE(soak_resources_suite)

BOOST_AUTO_TEST_CASE(the_first_minute_or_quarter_is_the_warm_up)
{
    BOOST_CHECK(warm_up_of(2min) == 30s);
    BOOST_CHECK(warm_up_of(5min) == 1min);
    BOOST_CHECK(warm_up_of(10'080min) == 1min);
}

BOOST_AUTO_TEST_CASE(what_was_before_the_warm_ups_end_does_not_count)
{
    resource_log log(30s);
    log.add(29s, holding(1'000, 1'000 * mebibyte));
    BOOST_TEST(!log.has_samples());
    BOOST_TEST(complaint_of(log) == "");
    log.add(30s, holding(30, 40 * mebibyte));
    log.add(31s, holding(50, 60 * mebibyte));
    log.add(32s, holding(40, 45 * mebibyte));
    BOOST_TEST(log.first().rss == 40 * mebibyte);
    BOOST_TEST(log.last().rss == 45 * mebibyte);
    BOOST_TEST(log.largest().rss == 60 * mebibyte);
    BOOST_TEST(log.largest().client_descriptors == 50U);
    BOOST_TEST(complaint_of(log) == "");
}

BOOST_AUTO_TEST_CASE(descriptors_beyond_the_bound_at_any_moment)
{
    BOOST_TEST(most_client_descriptors(32) == 72U);
    resource_log log(0s);
    log.add(1s, holding(72, mebibyte));
    BOOST_TEST(complaint_of(log) == "");
    log.add(2s, holding(73, mebibyte));
    log.add(3s, holding(3, mebibyte));
    BOOST_TEST(complaint_of(log) == "the client had 73 descriptors, more than 72");
}

BOOST_AUTO_TEST_CASE(memory_at_the_end)
{
    auto const at_end = [](std::uint64_t rss) {
        resource_log log(0s);
        log.add(1s, holding(1, 40 * mebibyte));
        log.add(2s, holding(1, rss));
        return log;
    };
    auto const most = 40 * mebibyte + rss_tolerance(40 * mebibyte);
    BOOST_TEST(complaint_of(at_end(most)) == "");
    BOOST_TEST(
        complaint_of(at_end(most + mebibyte)).starts_with("memory grew from 40.0 MiB after the warm-up"));
    BOOST_TEST(complaint_of(at_end(most + mebibyte), false) == "");
}

BOOST_AUTO_TEST_CASE(the_system_is_asked)
{
    auto const before = resources_now();
    BOOST_TEST(before.rss > mebibyte);
    int const opened = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    BOOST_TEST(resources_now().descriptors == before.descriptors + 1);
    ::close(opened);
    BOOST_TEST(resources_now().descriptors == before.descriptors);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
