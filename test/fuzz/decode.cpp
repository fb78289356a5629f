#include "wire/codec.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace {

template <class Model>
void decode(std::string_view body)
{
    std::string problem;
    auto const model = fluxer::auth::wire::decode<Model>(body, problem);
    if (model.has_value() != problem.empty())
        __builtin_trap(); // a failure says why, a success says nothing
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    namespace auth = fluxer::auth;
    std::string_view const body(reinterpret_cast<char const*>(data), size); // NOLINT
    decode<auth::session>(body);
    decode<auth::login_result>(body);
    decode<auth::sso_status>(body);
    decode<auth::sso_start>(body);
    decode<auth::sso_completion>(body);
    decode<boost::json::value>(body);
    decode<std::vector<auth::auth_session>>(body);
    decode<auth::ip_authorization_poll>(body);
    decode<auth::username_suggestions>(body);
    decode<auth::handoff>(body);
    decode<auth::handoff_status>(body);
    return 0;
}
