#include "sandbox/engine.hpp"

#include "sandbox/control_api.hpp"
#include "sandbox/pipeline.hpp"
#include "sandbox/random.hpp"
#include "sandbox/routes.hpp"

#include <algorithm>
#include <stdexcept>

namespace fluxer::auth::sandbox_detail {

namespace {

std::size_t operation_index(request const& in)
{
    auto const found = find_route(in.method, in.path());
    return found ? static_cast<std::size_t>(found->target - operations().data())
                 : counter_set::unknown_operation;
}

} // namespace

engine::engine(sandbox_options options)
    : state_(std::move(options))
    , max_in_flight_(state_.settings.max_in_flight)
{
    state_.sudo_key = random_bytes(32);
    state_.altcha_key = random_bytes(32);
}

engine::admission::admission(engine& owner, request const& in)
    : owner_(owner)
    , counted_(!is_control_request(in))
{
    if (!counted_)
        return;
    auto const index = operation_index(in);
    over_capacity = owner_.counters.begin_request(index) > owner_.max_in_flight_;
    fault = owner_.faults.take(index < known_operations ? operations()[index].id : "unknown");
    if (fault)
        ++owner_.counters.faults_injected;
}

engine::admission::~admission()
{
    if (counted_)
        owner_.counters.end_request();
}

reply engine::answer(request const& in)
{
    if (is_control_request(in))
        return answer_control_request(*this, in);
    return with_state([&in](state& server, time_point now) { return answer_request(server, in, now); });
}

void engine::set_fault(std::string_view operation, sandbox_fault const& fault)
{
    auto const known = operations();
    bool const exists =
        operation == "*" ||
        std::any_of(known.begin(), known.end(), [operation](auto const& row) { return row.id == operation; });
    if (!exists)
        throw std::invalid_argument("there is no operation " + std::string(operation));
    faults.set(operation, fault);
}

account& engine::require_account(std::string_view email)
{
    auto* who = state_.find_account_by_email(email);
    if (!who)
        throw std::invalid_argument("there is no account with the address " + std::string(email));
    return *who;
}

} // namespace fluxer::auth::sandbox_detail
