#ifndef FLUXER_AUTH_TEST_CONFORMANCE_CODE_TABLE_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_CODE_TABLE_HPP

#include <fluxer/auth/error.hpp>

#include <string_view>

namespace fluxer::auth::conformance {

/// What the library should make of a code of the API.
struct expected_code
{
    std::string_view text;
    auth::api_code code = auth::api_code::unknown;
    errc group = errc::rejected;
};

/// @param text empty: the answer has no code
/// @param is_json whether the answer's body is a JSON object at all
expected_code expected_of(int status, std::string_view text, bool is_json) noexcept;

} // namespace fluxer::auth::conformance

#endif
