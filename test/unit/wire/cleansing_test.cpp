#include "wire/json_document.hpp"

#include "../core/freed_memory.hpp"
#include "support.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include <cstring>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

constexpr std::string_view watched_token = "flx_0123456789abcdefghijklmnopqrstuvwxyz";

std::string session_text(std::size_t padding)
{
    return R"({"padding":")" + std::string(padding, 'x') + R"(","token":")" + std::string(watched_token) +
           R"(","user_id":"1"})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(cleansing)

// monotonic_resource does so.
BOOST_AUTO_TEST_CASE(blocks_given_back_with_a_smaller_size_are_cleansed_whole)
{
    freed_memory_watch const watch(watched_token);
    wire::cleansing_resource resource;
    auto* const memory = static_cast<char*>(resource.allocate(256, 16));
    std::memcpy(memory + 256 - watched_token.size(), watched_token.data(), watched_token.size());
    resource.deallocate(memory, 224, 16);
    BOOST_TEST(watch.found() == 0u);
}

BOOST_AUTO_TEST_CASE(answers_leave_no_token_behind)
{
    for (std::size_t const padding : {0, 100, 4000, 4096, 8192, 100'000}) {
        auto const text = session_text(padding);
        std::string problem;
        freed_memory_watch const watch(watched_token);
        {
            auto const made = wire::decode<session>(text, problem);
            BOOST_TEST(made.value().token.reveal() == watched_token);
        }
        BOOST_TEST(!wire::decode<session>(std::string_view(text).substr(0, text.size() - 1), problem));
        BOOST_TEST(watch.found() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(requests_leave_no_password_behind)
{
    freed_memory_watch const watch(watched_token);
    {
        auto const made = wire::encode(
            operation::register_account, register_request("2000-01-31", true)
                                             .with_email(std::string(200, 'm') + "@example.com")
                                             .with_password(watched_token));
        BOOST_TEST(std::get<wire::request>(made).body->view().find(watched_token) != std::string_view::npos);
    }
    BOOST_TEST(watch.found() == 0u);
}

BOOST_AUTO_TEST_CASE(errors_leave_no_ticket_behind)
{
    auto const answer = answer_of(
        403, R"({"code":"IP_AUTHORIZATION_REQUIRED","ticket":")" + std::string(watched_token) + "\"}");
    freed_memory_watch const watch(watched_token);
    {
        error_info info;
        wire::decode_error(answer, info);
        BOOST_TEST((info.ip_authorization->ticket.reveal() == watched_token));
    }
    BOOST_TEST(watch.found() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
