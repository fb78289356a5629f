#include "mutation.hpp"

#include "outgoing.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <functional>
#include <utility>

namespace fluxer::auth::conformance {

namespace {

namespace json = boost::json;

/// A place in a JSON document and a way to reach it.
struct leaf
{
    std::string name;
    json::value* where;
};

void collect(json::value& from, std::string const& name, std::vector<leaf>& into)
{
    if (auto* object = from.if_object())
        for (auto& [key, value] : *object)
            collect(value, name + "." + std::string(key.data(), key.size()), into);
    else if (auto* list = from.if_array())
        for (std::size_t index = 0; index < list->size(); ++index)
            collect((*list)[index], name + "[" + std::to_string(index) + "]", into);
    else
        into.push_back({name, &from});
}

void falsify_leaf(json::value& value)
{
    if (auto* text = value.if_string())
        // The last character is kept: times have to stay times.
        *text = text->empty() ? "x" : (text->front() == '1' ? "2" : "1") + std::string(view(*text)).substr(1);
    else if (auto* flag = value.if_bool())
        *flag = !*flag;
    else if (value.is_number())
        value = value.to_number<double>() + 1;
    else
        value = "x";
}

using notice = std::function<void(std::string const& name, std::string const& body)>;

void for_each_falsified(std::string const& body, notice const& then)
{
    json::error_code problem;
    auto document = json::parse(body, problem);
    if (problem)
        return body.empty() ? void() : then("body", "x" + body);
    std::vector<leaf> leaves;
    collect(document, "body", leaves);
    for (auto const& [name, where] : leaves) {
        auto const kept = *where;
        falsify_leaf(*where);
        then(name, json::serialize(document));
        *where = kept;
    }
}

// What an answer holds beside what a caller is told: it says the same as the code.
bool says_nothing(std::string_view name)
{
    return name == "body.ip_authorization_required";
}

class falsification
{
public:
    explicit falsification(observation const& seen, recorded_response const& response)
        : seen_(seen)
        , response_(response)
    {}

    void run()
    {
        falsify_answer();
        if (!seen_.is_substitute)
            falsify_request();
    }

    std::vector<std::string> const& unnoticed() const noexcept { return unnoticed_; }

    std::size_t noticed() const noexcept { return noticed_; }

private:
    void falsify_answer()
    {
        auto changed = response_;
        changed.status = response_.status == 418 ? 419 : 418;
        expect_notice("answer's status", seen_, changed);
        for_each_falsified(response_.body, [this](std::string const& name, std::string const& body) {
            auto response = response_;
            response.body = body;
            if (seen_.row == nullptr || !says_nothing(name))
                expect_notice("answer's " + name, seen_, response);
        });
    }

    void falsify_request()
    {
        auto changed = seen_;
        changed.request.method += "X";
        expect_notice("method", changed, response_);
        changed = seen_;
        changed.request.path += "x";
        expect_notice("path", changed, response_);
        for (std::size_t index = 0; index < seen_.request.headers.size(); ++index)
            falsify_header(index);
        for_each_falsified(
            seen_.request.body.value_or(std::string()),
            [this](std::string const& name, std::string const& body) {
                auto falsified = seen_;
                falsified.request.body = body;
                expect_notice("request's " + name, falsified, response_);
            });
    }

    void falsify_header(std::size_t index)
    {
        auto changed = seen_;
        auto& field = changed.request.headers[index];
        if (is_librarys_own(field.name) || (same_name(field.name, "Content-Type") && !changed.request.body))
            return;
        field.value += "x";
        expect_notice("header " + field.name, changed, response_);
    }

    void expect_notice(std::string const& what, observation const& seen, recorded_response const& response)
    {
        if (compare(seen, response).empty())
            unnoticed_.push_back(what);
        else
            ++noticed_;
    }

    observation const& seen_;
    recorded_response const& response_;
    std::vector<std::string> unnoticed_;
    std::size_t noticed_ = 0;
};

} // namespace

verdict falsify(recording const& recorded, verdict fared)
{
    verdict judged;
    if (!fared.found.empty()) {
        judged.notes.push_back("fails without a change");
        return judged;
    }
    std::size_t noticed = 0;
    for (auto const& seen : fared.seen) {
        falsification changes(seen, recorded.response);
        changes.run();
        noticed += changes.noticed();
        for (auto const& what : changes.unnoticed())
            judged.notes.push_back("unnoticed: " + what);
    }
    if (judged.notes.empty() && noticed != 0)
        judged.found.add(std::to_string(noticed) + " falsified expectations, as it should be");
    return judged;
}

} // namespace fluxer::auth::conformance
