// Which of the 28 operations are counted together (contract 4): asked of the library's own governor, about the requests
// as a client describes them.
#include "limits/governor_support.hpp"
#include "support/every_call.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

/// By the numbers of contract section 4; all others are alone.
std::array<std::vector<std::size_t>, 3> const shared_buckets{{{1, 2}, {4, 24}, {6, 7, 8, 9, 10}}};

std::size_t number_of(rate_request const& asked)
{
    return static_cast<std::size_t>(asked.operation) + 1;
}

bool are_counted_together(std::size_t one, std::size_t other)
{
    return one == other || std::ranges::any_of(shared_buckets, [&](auto const& group) {
               return std::ranges::count(group, one) == 1 && std::ranges::count(group, other) == 1;
           });
}

/// Of all that a request counts against, its operation's bucket; as if all came from one caller.
rate_request bucket_of(rate_request const& asked)
{
    rate_request only = asked;
    std::erase_if(only.keys, [](rate_limit_key const& key) { return key.scope != rate_scope::bucket; });
    for (auto& key : only.keys)
        key.subject = "address:";
    return only;
}

/// Whether another such request may go now, which then is counted.
bool take(rate_governor& governor, rate_request& request)
{
    ++request.ticket;
    bool granted = false;
    governor.acquire(request, [&](result<rate_verdict> verdict) { granted = verdict.value().granted; });
    if (!granted)
        governor.withdraw(request, false);
    return granted;
}

/// The same, without being counted.
bool may_go(rate_governor& governor, rate_request request)
{
    bool const granted = take(governor, request);
    if (granted)
        governor.withdraw(request, true);
    return granted;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(rate_governing, governor_fixture)

BOOST_AUTO_TEST_CASE(operations_that_share_a_bucket_are_counted_together_and_no_others)
{
    governor->on_acquire = [](rate_reply reply) { reply(scripted_governor::yes()); };
    auto used = make(governor);
    for (auto const& call : every_call(token))
        run(context, call.make(used, {}));
    BOOST_REQUIRE(governor->asked.size() == 28U);

    for (auto const& one : governor->asked) {
        auto first = bucket_of(one);
        BOOST_REQUIRE(first.keys.size() == 1U);
        local_rate_governor counts(clock);
        rate_answer limits;
        limits.announces_limits = true;
        counts.learn(rate_request(), limits);
        unsigned granted = 0;
        while (granted <= first.keys[0].limit && take(counts, first))
            ++granted;
        BOOST_TEST(granted == first.keys[0].limit);
        for (auto const& other : governor->asked) {
            BOOST_TEST_CONTEXT(to_string(one.operation) << " and " << to_string(other.operation))
            {
                auto next = bucket_of(other);
                next.ticket = first.ticket;
                bool const goes = may_go(counts, next);
                BOOST_TEST(goes == !are_counted_together(number_of(one), number_of(other)));
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
