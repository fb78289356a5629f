#ifndef FLUXER_AUTH_TEST_SUPPORT_CHECKS_HPP
#define FLUXER_AUTH_TEST_SUPPORT_CHECKS_HPP

#include <fluxer/auth/error.hpp>
#include <fluxer/auth/login.hpp>

#include <boost/test/unit_test.hpp>

#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace fluxer::auth::test {

using std::source_location;

std::string place(source_location const& at);

template <class T>
T value_of(result<T> got, source_location at = source_location::current())
{
    BOOST_TEST_CONTEXT(place(at))
    {
        BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().to_string());
    }
    if constexpr (!std::is_void_v<T>)
        return *std::move(got);
}

template <class T>
error error_of(result<T> const& got, source_location at = source_location::current())
{
    BOOST_TEST_CONTEXT(place(at))
    {
        BOOST_REQUIRE_MESSAGE(got.has_error(), "the call succeeded");
    }
    return got.error();
}

/// For coroutines: Boost.Test's macros make temporaries, which are better kept out of an expression with co_await.
template <class T>
void good(result<T> const& got, source_location at = source_location::current())
{
    BOOST_TEST_CONTEXT(place(at))
    {
        BOOST_TEST(got.has_value());
    }
}

template <class T>
void bad(result<T> const& got, source_location at = source_location::current())
{
    BOOST_TEST_CONTEXT(place(at))
    {
        BOOST_TEST(got.has_error());
    }
}

/// Path and code of each entry, in order.
using field_list = std::vector<std::pair<std::string, std::string>>;

/// What the API's answer has to have made of it.
struct api_failure
{
    api_failure(errc code_, int status_, auth::api_code api_, std::string_view text_)
        : code(code_)
        , status(status_)
        , api(api_)
        , text(text_)
    {}

    errc code;
    int status;
    auth::api_code api;
    std::string_view text;
};

/// A handoff code that the server does not know.
inline api_failure const bad_handoff_code{
    errc::rejected, 400, api_code::invalid_handoff_code, "INVALID_HANDOFF_CODE"};

/// Checks everything that errors of the API have in common, too.
void check_failure(
    error const& e, operation what, api_failure const& expected,
    source_location at = source_location::current());

/// The same for 400 INVALID_FORM_BODY. Entries without a code have an empty one here.
void check_rejection(
    error const& e, operation what, field_list const& fields,
    source_location at = source_location::current());

/// The same for errc::invalid_request, which is found before anything is sent.
void check_refusal(
    error const& e, operation what, field_list const& fields,
    source_location at = source_location::current());

/// The same for a connection that was lost after the request was sent.
void check_lost(error const& e, operation what, source_location at = source_location::current());

/// 40 characters that begin with "flx_", without showing them.
bool looks_like_session_token(secret const& token);

/// 64 characters of base 62, without showing them.
bool looks_like_ticket(secret const& ticket);

/// The session in a login's answer.
session session_in(login_result answer, source_location at = source_location::current());

} // namespace fluxer::auth::test

#endif
