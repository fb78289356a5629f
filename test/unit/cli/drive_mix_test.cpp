#include "cli/drive_mix.hpp"

#include "cli/arguments.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace fluxer::auth::cli {

namespace {

std::string mix_complaint(std::string_view text)
{
    try {
        flow_mix const mix(text);
    } catch (usage_error const& e) {
        return e.what();
    }
    return {};
}

std::vector<std::size_t> counted(std::vector<flow_kind> const& kinds)
{
    std::vector<std::size_t> counts;
    for (auto const kind : all_flow_kinds)
        counts.push_back(static_cast<std::size_t>(std::ranges::count(kinds, kind)));
    return counts;
}

std::vector<std::size_t> shares(std::string_view text, std::size_t flows)
{
    auto const all = flow_mix(text).shares(flows);
    return {all.begin(), all.end()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(drive_mix_suite)

BOOST_AUTO_TEST_CASE(kinds_in_any_order_and_left_out)
{
    flow_mix const mix("handoff=5,login=70");
    BOOST_TEST(mix.of(flow_kind::login) == 70U);
    BOOST_TEST(mix.of(flow_kind::totp) == 0U);
    BOOST_TEST(mix.of(flow_kind::handoff) == 5U);
    BOOST_TEST(mix.to_string() == "login=70,totp=0,ip=0,handoff=5");
}

BOOST_AUTO_TEST_CASE(what_is_no_mix)
{
    BOOST_TEST(mix_complaint("") == "--mix: '' is not of the form KIND=NUMBER");
    BOOST_TEST(mix_complaint("login") == "--mix: 'login' is not of the form KIND=NUMBER");
    BOOST_TEST(mix_complaint("login=1,") == "--mix: '' is not of the form KIND=NUMBER");
    BOOST_TEST(mix_complaint("sms=1") == "--mix: 'sms' is none of login, totp, ip, handoff");
    BOOST_TEST(mix_complaint("ip=1,ip=2") == "--mix: ip is given twice");
    BOOST_TEST(mix_complaint("login=0,ip=0") == "--mix: no kind has a number above 0");
    for (auto const* wrong : {"", "x", "-1", "1.5", "1 ", "1000001", "99999999999999999999"})
        BOOST_TEST(
            mix_complaint("login=" + std::string(wrong)) ==
            "--mix: '" + std::string(wrong) + "' is not a whole number from 0 to 1000000");
}

BOOST_AUTO_TEST_CASE(shares_have_the_right_sum)
{
    using counts = std::vector<std::size_t>;
    BOOST_TEST(shares("login=70,totp=20,ip=5,handoff=5", 20'000) == (counts{14'000, 4'000, 1'000, 1'000}));
    BOOST_TEST(shares("login=70,totp=20,ip=5,handoff=5", 7) == (counts{5, 2, 0, 0}));
    BOOST_TEST(shares("login=1,totp=1,ip=1", 1) == (counts{1, 0, 0, 0}));
    BOOST_TEST(shares("login=1,handoff=999999", 3) == (counts{0, 0, 0, 3}));
}

BOOST_AUTO_TEST_CASE(the_order_is_the_seeds)
{
    flow_mix const mix("login=70,totp=20,ip=5,handoff=5");
    auto const first = mix.draw(1'000, 1);
    BOOST_TEST(counted(first) == (std::vector<std::size_t>{700, 200, 50, 50}));
    BOOST_TEST((first == mix.draw(1'000, 1)));
    BOOST_TEST((first != mix.draw(1'000, 2)));
    // Mixed: no half has nearly all of the rarer kinds.
    std::vector<flow_kind> const half(first.begin(), first.begin() + 500);
    BOOST_TEST(counted(half).at(1) > 70U);
    BOOST_TEST(counted(half).at(1) < 130U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fluxer::auth::cli
