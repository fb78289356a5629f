#include "limits/support.hpp"

#include <fluxer/auth/sign_in.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <utility>

using namespace fluxer::auth;
using namespace fluxer::auth::test;

namespace {

constexpr unsigned sign_ins = 300;

constexpr char const* challenge_answer =
    R"({"mfa":true,"ticket":"made-up-ticket","allowed_methods":["totp"],"sms":false,"totp":true,"webauthn":false})";
constexpr char const* mail_answer =
    R"({"code":"IP_AUTHORIZATION_REQUIRED","message":"m","ip_authorization_required":true,)"
    R"("ticket":"made-up-ticket","email":"me@example.com","resend_available_in":30})";
constexpr char const* wrong_code_answer =
    R"({"code":"INVALID_FORM_BODY","message":"m","errors":[{"path":"code","message":"m"}]})";

/// A server that wants a second factor or a mailed link in turn, believes some codes, and answers on any thread.
class server
{
public:
    explicit server(asio::thread_pool& threads)
        : threads_(threads)
    {}

    client_options options()
    {
        client_options made("https://api.example.test/v1");
        made.rate.mode = rate_mode::off;
        made.retry.max_attempts = 1;
        made.transport = [this](transport_request const& request, transport_reply reply) {
            asio::post(threads_, [answer = answer_to(request), reply = std::move(reply)] { reply(answer); });
        };
        return made;
    }

private:
    raw_response answer_to(transport_request const& request)
    {
        auto const target = request.target.reveal();
        auto const turn = turns_++;
        if (target.ends_with("/login"))
            return turn % 3 == 0 ? made(403, mail_answer) : made(200, challenge_answer);
        if (target.find("/poll") != target.npos)
            return turn % 2 == 0 ? made(200, R"({"completed":false})")
                                 : made(200, R"({"completed":true,"token":"flx_made_up","user_id":"17"})");
        return turn % 4 == 0 ? made(200, R"({"token":"flx_made_up","user_id":"17"})")
                             : made(400, wrong_code_answer);
    }

    asio::thread_pool& threads_;
    std::atomic<unsigned> turns_{0};
};

asio::awaitable<void> wait_a_little(unsigned factor)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::microseconds(200) * factor);
    co_await timer.async_wait(asio::use_awaitable);
}

sign_in_handlers handlers()
{
    sign_in_handlers made;
    made.mfa = [](mfa_question question) -> asio::awaitable<mfa_answer> {
        co_await wait_a_little(question.round);
        co_return mfa_answer::totp("123456");
    };
    made.ip_authorization = [](ip_authorization_notice) -> asio::awaitable<bool> {
        co_await wait_a_little(3);
        co_return true;
    };
    return made;
}

struct ends
{
    std::atomic<unsigned> all{0};
    std::atomic<unsigned> thrown{0};
    std::atomic<unsigned> odd{0};

    void count(std::exception_ptr const& failed, sign_in_outcome const& outcome)
    {
        ++all;
        thrown += failed ? 1U : 0U;
        auto const known = outcome.end == sign_in_step::signed_in || outcome.end == sign_in_step::exhausted ||
                           outcome.end == sign_in_step::timed_out || outcome.end == sign_in_step::cancelled;
        odd += failed || known ? 0U : 1U;
    }
};

asio::awaitable<sign_in_outcome> one_of(client with, unsigned number)
{
    sign_in_options options;
    options.deadline = milliseconds(1 + number % 7);
    password_credentials const credentials("me@example.com", "correct horse");
    return sign_in(std::move(with), credentials, handlers(), std::move(options));
}

/// A sign-in on a strand of its own, which is cancelled there at some moment.
class cancelled_sign_in : public std::enable_shared_from_this<cancelled_sign_in>
{
public:
    cancelled_sign_in(asio::thread_pool& pool, client with, ends& counts, unsigned number)
        : strand_(asio::make_strand(pool.get_executor()))
        , with_(std::move(with))
        , counts_(counts)
        , number_(number)
        , timer_(strand_)
    {}

    void start()
    {
        asio::post(strand_, [self = shared_from_this()] { self->begin(); });
    }

private:
    void begin()
    {
        asio::co_spawn(
            strand_, one_of(with_, number_),
            asio::bind_cancellation_slot(
                signal_.slot(), asio::bind_executor(
                                    strand_, [self = shared_from_this()](
                                                 std::exception_ptr failed, sign_in_outcome const& outcome) {
                                        self->over_ = true;
                                        self->timer_.cancel();
                                        self->counts_.count(failed, outcome);
                                    })));
        timer_.expires_after(std::chrono::microseconds(100) * (number_ % 40));
        timer_.async_wait([self = shared_from_this()](boost::system::error_code) {
            constexpr std::array types{
                asio::cancellation_type::terminal, asio::cancellation_type::partial,
                asio::cancellation_type::total};
            if (!self->over_)
                self->signal_.emit(types[self->number_ % types.size()]);
        });
    }

    asio::strand<asio::thread_pool::executor_type> strand_;
    client with_;
    ends& counts_;
    unsigned number_;
    asio::cancellation_signal signal_;
    asio::steady_timer timer_;
    bool over_ = false;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sign_ins_on_threads, descriptor_baseline)

// Deadlines come while answers, handlers and waits do, on an executor that keeps nothing apart.
BOOST_AUTO_TEST_CASE(fault_122_deadlines_on_a_thread_pool)
{
    asio::thread_pool pool(4);
    server with(pool);
    ends counts;
    {
        client const used(pool.get_executor(), with.options());
        for (unsigned number = 0; number < sign_ins; ++number)
            asio::co_spawn(
                pool, one_of(used, number), [&](std::exception_ptr failed, sign_in_outcome const& outcome) {
                    counts.count(failed, outcome);
                });
    }
    pool.join();
    BOOST_TEST(counts.all == sign_ins);
    BOOST_TEST(counts.thrown == 0U);
    BOOST_TEST(counts.odd == 0U);
}

// Whoever cancels needs a strand of his own, as everywhere in Asio.
BOOST_AUTO_TEST_CASE(fault_122_cancellations_on_strands)
{
    asio::thread_pool pool(4);
    server with(pool);
    ends counts;
    {
        client const used(pool.get_executor(), with.options());
        for (unsigned number = 0; number < sign_ins; ++number)
            std::make_shared<cancelled_sign_in>(pool, used, counts, number)->start();
    }
    pool.join();
    BOOST_TEST(counts.all == sign_ins);
    BOOST_TEST(counts.odd == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
