#ifndef FLUXER_AUTH_TEST_CONFORMANCE_BODY_READER_HPP
#define FLUXER_AUTH_TEST_CONFORMANCE_BODY_READER_HPP

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::conformance {

/// Reads a recorded body as strictly as the types that it is to become: what they can't express is a problem.
class body_reader
{
public:
    explicit body_reader(boost::json::object const& body)
        : body_(body)
    {}

    std::string text(std::string_view name);
    std::optional<std::string> optional_text(std::string_view name);
    /// The same where null means what absence means (contract 5.2, 5.4, 5.5).
    std::optional<std::string> nullable_text(std::string_view name);
    bool flag(std::string_view name);
    std::vector<std::string> texts(std::string_view name);
    boost::json::value value(std::string_view name);
    std::optional<boost::json::value> optional_value(std::string_view name);

    /// The first problem, members that nobody asked for included; empty if there is none.
    std::string problem() const;

private:
    boost::json::value const* find(std::string_view name);
    boost::json::value const* need(std::string_view name);
    void fail(std::string_view name, std::string_view what);

    boost::json::object const& body_;
    std::vector<std::string_view> known_;
    std::string problem_;
};

} // namespace fluxer::auth::conformance

#endif
