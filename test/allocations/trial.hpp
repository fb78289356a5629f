#ifndef FLUXER_AUTH_TEST_ALLOCATIONS_TRIAL_HPP
#define FLUXER_AUTH_TEST_ALLOCATIONS_TRIAL_HPP

#include "limits/support.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::test {

/// A request for it has no answer.
inline constexpr std::string_view silent_target = "/auth/silent";

/// What the server says to a request, as status and body.
using spoken = std::pair<int, std::string_view>;

/// A server that answers all requests but those for silent_target.
scripted_server::script serve(std::function<spoken(std::string_view request)> answer);

/// One that answers all of them with a session.
scripted_server::script serve_sessions();

/// What a trial has to tell; the assertions are the main thread's affair.
struct findings
{
    bool failed = false; ///< any allocation
    std::vector<std::string> problems;

    void expect(bool holds, std::string what)
    {
        if (!holds)
            problems.push_back(std::move(what));
    }
};

/// Throws what it likes if it does not come to what it should.
using work = std::function<asio::awaitable<void>(client&)>;

/// What a client is like before its trial.
struct setting
{
    bool warm = false;
    bool stranded = false;
    bool governed = false; ///< and its server's first address does not answer
    scripted_server::script serves = serve_sessions();
};

/// One work of a client during which the allocation number `count` fails.
class trial
{
public:
    trial(scripted_server const& server, setting const& with);
    trial(trial const&) = delete;
    trial& operator=(trial const&) = delete;

    findings run_with_failure(std::size_t count, work const& of);

    /// The client is as good as before.
    void check_works_on(findings& found);

    void check_shuts_down(findings& found);

    /// With the last handle's end failing. The context takes what is left with it.
    findings end_with_failure(std::size_t count);

private:
    class pairs;

    void drain();

    /// What was begun for nobody in particular ends.
    void settle();

    asio::io_context context_{1};
    std::shared_ptr<pairs> seen_;
    std::optional<client> used_;
    int ends_ = 0;
    bool thrown_ = false;  ///< out of the context's run()
    bool refused_ = false; ///< the work threw
};

/// One after the other, each on a thread of its own: neither the library nor Asio has memory put by in it.
template <class Trial>
void fail_each_allocation(scripted_server::script serves, Trial one)
{
    scripted_server const server(test_authority().issue(), std::move(serves));
    for (std::size_t count = 0;; ++count) {
        BOOST_REQUIRE(count < 10'000);
        auto const found = std::async(std::launch::async, [&] { return one(server, count); }).get();
        BOOST_TEST_CONTEXT("allocation " << count)
        {
            for (auto const& problem : found.problems)
                BOOST_ERROR(problem);
            BOOST_TEST(true);
        }
        if (!found.failed) {
            BOOST_TEST_MESSAGE(count << " allocations");
            break;
        }
    }
}

/// In trials of this work; after each the client has to be as good as before.
void fail_each_allocation_of(work const& of, setting const& with = {});

} // namespace fluxer::auth::test

#endif
