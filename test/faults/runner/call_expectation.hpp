#ifndef FLUXER_AUTH_TEST_FAULTS_CALL_EXPECTATION_HPP
#define FLUXER_AUTH_TEST_FAULTS_CALL_EXPECTATION_HPP

#include "bound.hpp"
#include "operations.hpp"

#include <boost/json/value.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fluxer::auth::faults {

/// How a call ended.
struct ended_call
{
    ended_call() = default;

    std::string outcome; ///< "ok", the name of an errc, or "thrown"
    reply got;
    std::string thrown;
    milliseconds elapsed{0};
};

/// What calls are expected to come to. Nothing said: that each is "ok".
class call_expectation
{
public:
    call_expectation() = default;
    explicit call_expectation(item const& from);

    void check(std::vector<ended_call> const& calls, std::string const& name, findings& into) const;

private:
    void check_one(ended_call const& call, std::string const& name, findings& into) const;
    void check_error(auth::error const& e, std::string const& name, findings& into) const;
    void check_raw(raw_response const& answer, std::string const& name, findings& into) const;
    void check_counts(std::vector<ended_call> const& calls, std::string const& name, findings& into) const;
    void read_outcome(members& fields);
    void read_error(members& fields);
    void read_answer(members& fields);

    std::vector<std::string> outcomes_{"ok"};
    std::vector<std::pair<std::string, bound>> counts_;
    std::optional<bound> elapsed_;
    std::vector<std::string> phases_;
    std::optional<std::string> condition_;
    std::optional<bool> request_was_sent_;
    std::optional<bool> answer_began_;
    std::optional<bound> attempts_;
    std::optional<std::string> advice_;
    std::optional<std::string> api_code_;
    std::optional<std::string> message_contains_;
    std::optional<bound> limit_;
    std::optional<bound> retry_after_;
    std::vector<std::string> fields_;
    std::optional<bound> status_;
    std::optional<std::string> body_;
    std::optional<bound> body_size_;
    std::vector<std::pair<std::string, std::string>> headers_;
    std::optional<boost::json::value> value_;
};

} // namespace fluxer::auth::faults

#endif
