#include "support/fixture.hpp"

#include <stdexcept>

namespace fluxer::auth::test {

namespace {

sandbox* current = nullptr;

sandbox& as_good_as_new(sandbox& server)
{
    sandbox_options const fresh;
    server.reset();
    server.clear_faults();
    server.set_client_ip(fresh.client_ip);
    server.set_generation(fresh.generation);
    server.set_registration_approval(fresh.registration_approval);
    server.set_handoff_return_url(fresh.handoff_return_url);
    server.set_error_ban_threshold(fresh.error_ban_threshold);
    server.set_captcha(fresh.captcha);
    server.set_rate_limits(fresh.rate_limits);
    server.set_sso(fresh.sso);
    server.set_sso_auto_provision(fresh.sso_auto_provision);
    server.set_ip_authorization(fresh.ip_authorization);
    server.set_sms_service(fresh.sms_service);
    server.unban_ip(fresh.client_ip);
    server.unban_ip(other_ip);
    return server;
}

} // namespace

suite_sandbox::suite_sandbox()
    : server_(std::in_place)
{
    current = &*server_;
}

suite_sandbox::~suite_sandbox()
{
    current = nullptr;
    server_.reset();
}

sandbox& suite_sandbox::server()
{
    if (!current)
        throw std::logic_error("the suite has no sandbox");
    return *current;
}

api_fixture::api_fixture()
    : server(as_good_as_new(suite_sandbox::server()))
    , client_(make_client(options()))
    , api(*client_)
{}

api_fixture::~api_fixture()
{
    client_.reset();
    try {
        run.drain();
    } catch (std::exception const& e) {
        BOOST_ERROR("after the client's end: " << e.what());
    }
}

client_options api_fixture::options() const
{
    auto made = client_options(server.base_url()).with_ca_pem(server.ca_pem());
    // Each test is about one answer; what the retry policy makes of it has tests of its own.
    made.retry.max_attempts = 1;
    made.rate.mode = rate_mode::off;
    return made;
}

std::string api_fixture::add_account(std::string address)
{
    return server.create_account(sandbox_account(std::move(address), password));
}

mfa_challenge api_fixture::challenge(std::string_view address)
{
    auto answer = ok(api.login_user(login_request(std::string(address), password)));
    auto* const found = std::get_if<mfa_challenge>(&answer);
    BOOST_REQUIRE(found);
    return std::move(*found);
}

std::uint64_t api_fixture::requests_of(operation what) const
{
    return requests_of(to_string(what));
}

std::uint64_t api_fixture::requests_of(std::string_view what) const
{
    auto const all = server.counters().requests_by_operation;
    auto const found = all.find(std::string(what));
    return found == all.end() ? 0 : found->second;
}

} // namespace fluxer::auth::test
