#ifndef FLUXER_AUTH_TEST_INTEGRATION_GENERATIONS_HPP
#define FLUXER_AUTH_TEST_INTEGRATION_GENERATIONS_HPP

#include "support/fixture.hpp"

#include <fluxer/auth/flows.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <array>
#include <string>

namespace fluxer::auth::test {

/// For cases that run against each: names, since Boost.Test prints them.
inline std::array<std::string, 2> const generations{"2026-02", "2026-09"};

/// Without any account.
class bare_generation_fixture : public api_fixture
{
public:
    void play(std::string const& name)
    {
        newer = name == "2026-09";
        server.set_generation(newer ? sandbox_generation::g2026_09 : sandbox_generation::g2026_02);
    }

    bool newer = false;
};

class generation_fixture : public bare_generation_fixture
{
public:
    generation_fixture()
        : user_id(add_account())
    {}

    session approver() { return {add_session(), user_id}; }

    snowflake const user_id;
};

} // namespace fluxer::auth::test

#endif
