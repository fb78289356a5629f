#include "core/sealed_box.hpp"

#include "freed_memory.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace core = fluxer::auth::core;
using core::unseal_failure;
using fluxer::auth::secret;

namespace {

constexpr unsigned cheapest = core::least_seal_cost;

unseal_failure failure_of(std::string_view sealed, secret const& passphrase)
{
    unseal_failure why{};
    BOOST_TEST(!core::unseal(sealed, passphrase, why).has_value());
    return why;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sealed_boxes)

BOOST_AUTO_TEST_CASE(give_back_what_was_put_in)
{
    unseal_failure ignored{};
    for (std::string const& plain : {std::string(), std::string("x"), std::string(5000, 'y')}) {
        auto const sealed = core::seal(plain, "open sesame", cheapest);
        auto const opened = core::unseal(sealed, "open sesame", ignored);
        BOOST_REQUIRE(opened.has_value());
        BOOST_TEST(opened->view() == plain);
    }
}

BOOST_AUTO_TEST_CASE(differ_each_time_and_show_nothing)
{
    std::string const plain(64, 'z');
    auto const first = core::seal(plain, "open sesame", cheapest);
    auto const second = core::seal(plain, "open sesame", cheapest);
    BOOST_TEST(first.substr(6, 28) != second.substr(6, 28)); // salt and nonce
    BOOST_TEST(first.substr(34) != second.substr(34));
    BOOST_TEST(first.find("zzzz") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(stay_closed_for_another_passphrase)
{
    auto const sealed = core::seal("treasure", "open sesame", cheapest);
    BOOST_TEST((failure_of(sealed, "open barley") == unseal_failure::wrong_passphrase));
    BOOST_TEST((failure_of(sealed, "") == unseal_failure::wrong_passphrase));
}

BOOST_AUTO_TEST_CASE(stay_closed_when_any_part_was_altered)
{
    auto const sealed = core::seal("treasure", "open sesame", cheapest);
    // Salt, nonce, ciphertext, tag; the cost too, though that is within the bounds.
    for (std::size_t const at : {std::size_t{6}, std::size_t{22}, std::size_t{34}, sealed.size() - 1}) {
        auto altered = sealed;
        altered[at] = static_cast<char>(altered[at] ^ 1);
        BOOST_TEST((failure_of(altered, "open sesame") == unseal_failure::wrong_passphrase), at);
    }
    auto costlier = sealed;
    costlier[5] = static_cast<char>(cheapest + 1);
    BOOST_TEST((failure_of(costlier, "open sesame") == unseal_failure::wrong_passphrase));
    BOOST_TEST(
        (failure_of(std::string_view(sealed).substr(0, sealed.size() - 1), "open sesame") ==
         unseal_failure::wrong_passphrase));
}

BOOST_AUTO_TEST_CASE(are_told_from_other_files_before_any_work)
{
    auto const sealed = core::seal("", "open sesame", cheapest);
    for (std::size_t length = 0; length < sealed.size(); ++length)
        BOOST_TEST(
            (failure_of(std::string_view(sealed).substr(0, length), "x") == unseal_failure::not_sealed));
    BOOST_TEST((failure_of(std::string(100, 'F'), "x") == unseal_failure::not_sealed));
    auto other = sealed;
    other[4] = 2;
    BOOST_TEST((failure_of(other, "open sesame") == unseal_failure::unknown_version));
    for (unsigned const cost : {0U, core::least_seal_cost - 1, core::greatest_seal_cost + 1, 40U, 255U}) {
        auto hostile = sealed;
        hostile[5] = static_cast<char>(cost);
        BOOST_TEST((failure_of(hostile, "open sesame") == unseal_failure::cost_refused), cost);
    }
}

BOOST_AUTO_TEST_CASE(leave_no_plain_text_behind)
{
    static constexpr std::string_view needle = "a-private-key-that-must-not-stay";
    std::string const plain(needle);
    auto const sealed = core::seal(plain, "open sesame", cheapest);
    fluxer::auth::test::freed_memory_watch const watch(needle);
    {
        unseal_failure ignored{};
        auto const opened = core::unseal(sealed, "open sesame", ignored);
        BOOST_REQUIRE(opened.has_value());
    }
    BOOST_TEST(watch.found() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
