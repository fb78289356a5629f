#include "call_expectation.hpp"

#include "answers.hpp"
#include "values.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace fluxer::auth::faults {

namespace {

namespace json = boost::json;

void check_outcome_name(item const& from, std::string const& name)
{
    if (name != "ok" && name != "thrown" && errc_named(name) == errc{})
        from.fail("'" + name + "' is neither ok nor the name of an errc");
}

void check_phase_name(item const& from, std::string const& name)
{
    for (std::uint8_t index = 0; index <= static_cast<std::uint8_t>(phase::done); ++index)
        if (to_string(static_cast<phase>(index)) == name)
            return;
    from.fail("there is no phase '" + name + "'");
}

constexpr std::pair<std::string_view, condition> conditions[] = {
    {"local", condition::local}, {"timeout", condition::timeout},   {"transport", condition::transport},
    {"tls", condition::tls},     {"protocol", condition::protocol}, {"api", condition::api},
};

std::string joined(std::vector<std::string> const& names)
{
    std::string text;
    for (auto const& name : names)
        text += (text.empty() ? "" : " or ") + name;
    return text;
}

std::string text_of(bool flag)
{
    return flag ? "true" : "false";
}

/// Whether all that is expected is there; an object may have more members than expected.
bool covers(json::value const& seen, json::value const& expected)
{
    if (!expected.is_object() || !seen.is_object())
        return seen == expected;
    auto const& members = expected.get_object();
    return std::all_of(members.begin(), members.end(), [&](auto const& member) {
        auto const* found = seen.get_object().if_contains(member.key());
        return found != nullptr && covers(*found, member.value());
    });
}

std::string text_of(json::value const& value)
{
    auto const text = json::serialize(value);
    return shown({text.data(), text.size()});
}

std::string how(ended_call const& call)
{
    if (!call.thrown.empty())
        return "thrown (" + call.thrown + ")";
    return call.got.error ? call.outcome + " (" + call.got.error->to_string() + ")" : call.outcome;
}

} // namespace

call_expectation::call_expectation(item const& from)
{
    members fields(from);
    read_outcome(fields);
    read_error(fields);
    read_answer(fields);
    fields.finish();
}

void call_expectation::read_outcome(members& fields)
{
    auto const outcome = fields.find("outcome");
    auto const counts = fields.find("outcomes");
    if (outcome && counts)
        counts->fail("'outcome' is for all calls, 'outcomes' counts them: one of both");
    if (outcome)
        outcomes_ = outcome->texts();
    if (outcome)
        for (auto const& name : outcomes_)
            check_outcome_name(*outcome, name);
    if (counts) {
        outcomes_.clear();
        members each(*counts);
        if (!counts->is_object())
            counts->fail("must be an object");
        for (auto const& [key, value] : counts->value().get_object()) {
            std::string const name(key.data(), key.size());
            check_outcome_name(*counts, name);
            counts_.emplace_back(name, bound(each.need(name)));
        }
    }
    if (auto const elapsed = fields.find("elapsed_ms"))
        elapsed_.emplace(*elapsed);
}

void call_expectation::read_error(members& fields)
{
    if (auto const phases = fields.find("phase")) {
        phases_ = phases->texts();
        for (auto const& name : phases_)
            check_phase_name(*phases, name);
    }
    if (auto const name = fields.find("condition")) {
        condition_ = name->text();
        name->choice({"local", "timeout", "transport", "tls", "protocol", "api"});
    }
    if (auto const sent = fields.find("request_was_sent"))
        request_was_sent_ = sent->flag();
    if (auto const began = fields.find("answer_began"))
        answer_began_ = began->flag();
    if (auto const attempts = fields.find("attempts"))
        attempts_.emplace(*attempts);
    if (auto const advice = fields.find("advice")) {
        advice->choice({"no", "yes", "after_wait", "may_have_run"});
        advice_ = advice->text();
    }
    if (auto const code = fields.find("api_code"))
        api_code_ = code->text();
    if (auto const part = fields.find("message_contains"))
        message_contains_ = part->text();
    if (auto const limit = fields.find("limit_ms"))
        limit_.emplace(*limit);
    if (auto const wait = fields.find("retry_after_ms"))
        retry_after_.emplace(*wait);
    if (auto const names = fields.find("fields"))
        fields_ = names->texts();
}

void call_expectation::read_answer(members& fields)
{
    if (auto const status = fields.find("status"))
        status_.emplace(*status);
    if (auto const body = fields.find("body"))
        body_ = bytes_of(*body);
    if (auto const size = fields.find("body_size"))
        body_size_.emplace(*size);
    if (auto const headers = fields.find("headers")) {
        members each(*headers);
        for (auto const& [key, value] : headers->value().get_object()) {
            std::string const name(key.data(), key.size());
            headers_.emplace_back(name, bytes_of(each.need(name)));
        }
    }
    if (auto const value = fields.find("value"))
        value_ = value->value();
}

void call_expectation::check(
    std::vector<ended_call> const& calls, std::string const& name, findings& into) const
{
    for (std::size_t index = 0; index < calls.size(); ++index)
        check_one(calls[index], calls.size() == 1 ? name : name + "#" + std::to_string(index), into);
    if (!counts_.empty())
        check_counts(calls, name, into);
}

void call_expectation::check_counts(
    std::vector<ended_call> const& calls, std::string const& name, findings& into) const
{
    std::map<std::string, std::int64_t> seen;
    for (auto const& call : calls)
        ++seen[call.outcome];
    for (auto const& [outcome, expected] : counts_) {
        into.check(name + ".outcomes." + outcome, expected, seen[outcome]);
        seen.erase(outcome);
    }
    for (auto const& [outcome, count] : seen)
        into.add(name + ".outcomes." + outcome, "none", std::to_string(count));
}

void call_expectation::check_one(ended_call const& call, std::string const& name, findings& into) const
{
    if (!outcomes_.empty() &&
        std::find(outcomes_.begin(), outcomes_.end(), call.outcome) == outcomes_.end()) {
        into.add(name + ".outcome", joined(outcomes_), how(call));
        return;
    }
    if (elapsed_)
        into.check(name + ".elapsed_ms", *elapsed_, call.elapsed.count());
    if (call.got.error)
        return check_error(*call.got.error, name, into);
    if (call.got.raw)
        return check_raw(*call.got.raw, name, into);
    if (value_ && !covers(call.got.value, *value_))
        into.add(name + ".value", text_of(*value_), text_of(call.got.value));
}

void call_expectation::check_error(auth::error const& e, std::string const& name, findings& into) const
{
    auto const line = " in: " + e.to_string();
    std::string const where(to_string(e.phase()));
    if (!phases_.empty() && std::find(phases_.begin(), phases_.end(), where) == phases_.end())
        into.add(name + ".phase", joined(phases_), where + line);
    if (condition_)
        for (auto const& [known, value] : conditions)
            if (known == *condition_ && e.code() != value)
                into.add(name + ".condition", *condition_, "another" + line);
    if (request_was_sent_ && *request_was_sent_ != e.request_was_sent())
        into.add(
            name + ".request_was_sent", text_of(*request_was_sent_), text_of(e.request_was_sent()) + line);
    if (answer_began_ && *answer_began_ != e.info().answer_began)
        into.add(name + ".answer_began", text_of(*answer_began_), text_of(e.info().answer_began) + line);
    if (attempts_)
        into.check(name + ".attempts", *attempts_, e.attempts());
    if (advice_ && *advice_ != name_of(e.advice()))
        into.add(name + ".advice", *advice_, std::string(name_of(e.advice())) + line);
    if (api_code_ && *api_code_ != e.api_code_text())
        into.add(name + ".api_code", *api_code_, shown(e.api_code_text()) + line);
    if (message_contains_ && e.to_string().find(*message_contains_) == std::string::npos)
        into.add(name + ".message_contains", shown(*message_contains_), e.to_string());
    if (limit_)
        into.check(name + ".limit_ms", *limit_, e.limit().value_or(milliseconds(-1)).count());
    if (retry_after_)
        into.check(
            name + ".retry_after_ms", *retry_after_, e.retry_after().value_or(milliseconds(-1)).count());
    for (auto const& field : fields_)
        if (e.field(field) == nullptr)
            into.add(name + ".fields", field, "no such field" + line);
    if (status_)
        into.check(name + ".status", *status_, e.http_status());
}

void call_expectation::check_raw(raw_response const& answer, std::string const& name, findings& into) const
{
    if (status_)
        into.check(name + ".status", *status_, answer.status);
    if (body_ && *body_ != answer.body.reveal())
        into.add(name + ".body", shown(*body_), shown(answer.body.reveal()));
    if (body_size_)
        into.check(name + ".body_size", *body_size_, static_cast<std::int64_t>(answer.body.size()));
    for (auto const& [header, value] : headers_)
        if (answer.header_value(header) != value)
            into.add(name + ".headers." + header, shown(value), shown(answer.header_value(header)));
}

} // namespace fluxer::auth::faults
