#include "sandbox/routes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace fluxer::auth::sandbox_detail;

namespace {

std::string id_of(std::string_view method, std::string_view path)
{
    auto const found = find_route(method, path);
    return found ? std::string(found->target->id) : "none";
}

} // namespace

BOOST_AUTO_TEST_SUITE(routing)

BOOST_AUTO_TEST_CASE(every_operation_is_found_with_and_without_version)
{
    for (auto const& row : operations()) {
        std::string path(row.path);
        if (auto const at = path.find("{code}"); at != std::string::npos)
            path.replace(at, 6, "ABCD-EFGH");
        BOOST_TEST(id_of(row.method, path) == row.id);
        BOOST_TEST(id_of(row.method, "/v1" + path) == row.id);
    }
}

BOOST_AUTO_TEST_CASE(nothing_else_is)
{
    BOOST_TEST(id_of("GET", "/v1/auth/sso/status/") == "none");
    BOOST_TEST(id_of("GET", "/v1//auth/sso/status") == "none");
    BOOST_TEST(id_of("GET", "/v1/AUTH/sso/status") == "none");
    BOOST_TEST(id_of("GET", "/v2/auth/sso/status") == "none");
    BOOST_TEST(id_of("GET", "/v1/v1/auth/sso/status") == "none");
    BOOST_TEST(id_of("GET", "/v1/auth/login") == "none");
    BOOST_TEST(id_of("GET", "/v1/auth/handoff//status") == "none");
    BOOST_TEST(id_of("GET", "/v1/auth/handoff/A/B/status") == "none");
    BOOST_TEST(id_of("DELETE", "/v1/auth/handoff/") == "none");
    BOOST_TEST(id_of("GET", "/v1") == "none");
    BOOST_TEST(id_of("GET", "") == "none");
}

BOOST_AUTO_TEST_CASE(head_goes_where_get_goes)
{
    BOOST_TEST(id_of("HEAD", "/v1/auth/sso/status") == "get_sso_status");
    BOOST_TEST(id_of("HEAD", "/v1/auth/login") == "none");
}

BOOST_AUTO_TEST_CASE(the_code_is_decoded)
{
    BOOST_TEST(find_route("GET", "/auth/handoff/AB%2FCD/status")->argument == "AB/CD");
    BOOST_TEST(find_route("GET", "/auth/handoff/%zz/status")->argument == "%zz");
}

BOOST_AUTO_TEST_SUITE_END()
