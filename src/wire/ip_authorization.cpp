#include "wire/decode.hpp"
#include "wire/token_result.hpp"

namespace fluxer::auth::wire {

// Contract 5.21: the session's members stand beside `completed`.
template <>
struct description<ip_authorization_poll>
{
    static constexpr auto fields =
        std::tuple(field("completed", &ip_authorization_poll::completed, presence::required));
};

template <>
struct answer_reader<ip_authorization_poll>
{
    static bool read(boost::json::value const& from, ip_authorization_poll& into, std::string& problem)
    {
        if (!read_object(from, into, problem))
            return false;
        return !into.completed || read_object(from, into.session.emplace(), problem);
    }
};

template std::optional<ip_authorization_poll> decode<ip_authorization_poll>(std::string_view, std::string&);

} // namespace fluxer::auth::wire
