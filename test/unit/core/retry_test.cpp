#include "core/retry.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using fluxer::auth::core::attempt_facts;
using fluxer::auth::core::retry_on_fresh_connection;

namespace {

attempt_facts facts_of(unsigned bits)
{
    attempt_facts facts;
    facts.lost = (bits & 1U) != 0;
    facts.reused = (bits & 2U) != 0;
    facts.sent_any = (bits & 4U) != 0;
    facts.received_any = (bits & 8U) != 0;
    facts.repeatable = (bits & 16U) != 0;
    facts.retried = (bits & 32U) != 0;
    return facts;
}

/// Design section 4, sentence by sentence and not in the implementation's words.
bool by_the_text(attempt_facts const& facts)
{
    // "A failed attempt is repeated on a fresh connection once …"
    if (!facts.lost || facts.retried)
        return false;
    // "… if the failed one was reused, no response byte arrived …"
    if (!facts.reused || facts.received_any)
        return false;
    // "… and either no request byte was written …"
    if (!facts.sent_any)
        return true;
    // "… or the operation is repeatable."
    return facts.repeatable;
}

} // namespace

BOOST_AUTO_TEST_SUITE(retry)

BOOST_DATA_TEST_CASE(follows_the_rule, boost::unit_test::data::xrange(64U), bits)
{
    auto const facts = facts_of(bits);
    BOOST_TEST(retry_on_fresh_connection(facts) == by_the_text(facts));
}

BOOST_AUTO_TEST_CASE(fault_111_what_is_not_repeatable_is_never_sent_twice)
{
    unsigned retried = 0;
    for (unsigned bits = 0; bits < 64; ++bits) {
        auto const facts = facts_of(bits);
        if (facts.sent_any && !facts.repeatable)
            BOOST_TEST(!retry_on_fresh_connection(facts));
        retried += retry_on_fresh_connection(facts) ? 1U : 0U;
    }
    BOOST_TEST(retried == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
