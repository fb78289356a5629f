#include "call/call_run.hpp"

#include "core/recycled_memory.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace fluxer::auth::call {

namespace {

/// So many calls at once that one's answer is likely to come while the others have their turns.
constexpr std::size_t crowd = 16;

} // namespace

call_run::call_run(std::shared_ptr<engine> of, wire::request&& request, call_options&& options)
    : engine_(std::move(of))
    , request_(std::move(request))
    , options_(std::move(options))
{}

call_run::~call_run()
{
    // Destroyed within a wait, or something threw: what was told to start is told to end.
    auto const at_work = stage_ == stage::exchange || stage_ == stage::transport;
    if (call_ && at_work && got_.sent_any)
        call_->permit.used();
    event what;
    what.code = make_error_code(errc::cancelled);
    if (call_ && open_event_)
        call_->emit(*open_event_, what);
}

// A thousand bytes and more, which each call takes and the next one takes again.
void* call_run::operator new(std::size_t size)
{
    return core::take_memory(size);
}

void call_run::operator delete(void* memory, std::size_t size) noexcept
{
    core::give_back_memory(memory, size);
}

call_run::step call_run::advance()
{
    for (;;) {
        switch (stage_) {
        case stage::begin:
            begin();
            break;
        case stage::acquire:
            acquire();
            break;
        case stage::connect:
            connect();
            break;
        case stage::queue:
            if (!queue_->over() && !std::exchange(woken_, false))
                return step::wait;
            leave_queue();
            break;
        case stage::recheck:
            if (!recheck())
                return step::detour;
            break;
        case stage::exchange:
            if (!exchange_some())
                return step::wait;
            break;
        case stage::permit:
        case stage::transport:
        case stage::pause:
            return step::detour;
        case stage::over:
            return step::over;
        }
    }
}

void call_run::begin()
{
    auto& shared = *engine_;
    auto const timeout = options_.timeout.value_or(shared.options_.limits.call);
    auto const max_attempts = options_.max_attempts.value_or(shared.options_.retry.max_attempts);
    call_.emplace(engine_, request_.operation, request_.repeatable, timeout, max_attempts);
    if (auto refused = call_->refusal(options_))
        return finish(std::move(refused));
    shared.retry_.call_started();
    settle_token();
    if (auto remembered = shared.sudo_.token_for(request_, options_, call_->dog.start()))
        options_.sudo_token = std::move(remembered);
    bytes_ = shared.template_.write(request_, options_);
    stage_ = stage::acquire;
}

// However it is given, what guards and hides a token has to know of it: the call's last header, its token, the client's
// header.
void call_run::settle_token()
{
    auto& own = options_.headers;
    auto const last = std::find_if(own.rbegin(), own.rend(), gives_token);
    if (last != own.rend()) {
        request_.token.emplace(last->value);
        std::erase_if(own, gives_token);
    } else if (!request_.token) {
        request_.token = engine_->authorization_;
    }
}

void call_run::acquire()
{
    call_->permit = engine_->gate_->permit_for(request_, options_);
    stage_ = call_->permit.is_wanted() ? stage::permit : stage::connect;
}

void call_run::connect()
{
    // A permit that came at once may still have taken a turn of the executor.
    if (call_->permit.is_granted()) {
        if (auto ended = ended_meanwhile(phase::rate_limit))
            return finish(std::move(ended));
    }
    if (engine_->options_.transport)
        return begin_attempt();
    if (!fresh_)
        lease_ = engine_->pool_->checkout();
    if (!lease_)
        return enter_queue();
    begin_attempt();
}

void call_run::enter_queue()
{
    call_->emit(event_kind::queue_start);
    open_event_ = event_kind::queue_end;
    queued_at_ = engine_->timers_->now();
    woken_ = false;
    queue_.emplace(engine_->pool_, call_->dog, fresh_, std::exchange(had_useless_, false));
    stage_ = stage::queue;
}

void call_run::leave_queue()
{
    auto got = queue_->result();
    queue_.reset();
    event what;
    what.duration = engine_->events_->since(queued_at_);
    if (got.failure)
        what.code = make_error_code(got.failure->code);
    else if (!got.lease)
        what.code = make_error_code(errc::cancelled);
    call_->emit(event_kind::queue_end, what);
    open_event_.reset();
    if (got.failure)
        return follow(fail_or_pause(call_->describe(*got.failure)));
    lease_ = std::move(got.lease);
    unseen_ = true;
    // Without one it was cancelled, and has nothing to ask for any more.
    if (lease_ || !give_up_if_ended())
        stage_ = stage::recheck;
}

bool call_run::recheck()
{
    // The governor may have learnt of limits while the call had none to ask about.
    if (call_->permit.request().keys.empty())
        call_->permit = engine_->gate_->permit_for(request_, options_);
    if (call_->permit.is_wanted())
        return false;
    if (!give_up_if_ended() && look_at_connection())
        begin_attempt();
    return true;
}

// A server may have answered twice, or without having been asked, and the next answer is taken for that to the request
// that goes now (RFC 9112 9.2).
bool call_run::look_at_connection()
{
    if (!std::exchange(unseen_, false))
        return true;
    auto const was_new = lease_->is_new();
    lease_.look();
    if (lease_)
        return true;
    // A new one that is of no use says something about the server, which would do the same on the next.
    if (was_new) {
        follow(fail_or_pause(call_->describe(net::failure(
            errc::protocol_error, phase::queue, {}, "the server spoke before it was asked anything"))));
        return false;
    }
    had_useless_ = true;
    stage_ = stage::connect;
    return false;
}

// The connection may have come in the same moment as a limit's end, which is not to be taken back.
bool call_run::give_up_if_ended()
{
    auto ended = ended_meanwhile(phase::queue);
    if (!ended)
        return false;
    if (lease_)
        lease_.give_back();
    finish(std::move(ended));
    return true;
}

void call_run::begin_attempt()
{
    auto& shared = *engine_;
    if (lease_)
        lease_.begin_use();
    facts_ = {};
    facts_.repeatable = call_->repeatable;
    facts_.retried = call_->repeated_fresh;
    facts_.reused = lease_ && lease_->reused();
    if (lease_)
        announce(*lease_);
    ++call_->attempts;
    call_->attempt_start = shared.timers_->now();
    tell_remote(event_kind::attempt_start);
    open_event_ = event_kind::attempt_end;
    call_->dog.begin_attempt(call_->attempt_start, shared.options_.limits.attempt);
    got_ = {};
    if (!lease_) {
        stage_ = stage::transport;
        return;
    }
    http::reader_limits limits;
    limits.max_header_bytes = shared.options_.max_header_bytes;
    limits.max_body_bytes = shared.options_.max_body_bytes;
    limits.answers_head = bytes_.view().starts_with("HEAD ");
    crowded_ = shared.counters_->calls_in_flight.read() >= crowd;
    exchange_.emplace(
        *lease_, bytes_.view(), shared.options_.limits, limits, call_->dog, shared.scratch_,
        shared.pool_->is_large(), *call_, got_);
    stage_ = stage::exchange;
}

bool call_run::exchange_some()
{
    try {
        if (!exchange_over_) {
            wanted_ = exchange_->advance();
            if (wanted_ != net::tls_step::done)
                return false;
        }
    } catch (...) {
        end_attempt(true);
        throw;
    }
    end_attempt(false);
    follow(conclude());
    return true;
}

void call_run::waited(bool cancelled)
{
    cancelled_ = cancelled;
    woken_ = true;
    if (stage_ == stage::exchange)
        exchange_over_ = !exchange_->waited(std::exchange(wait_error_, {}), cancelled);
}

void call_run::end_attempt(bool thrown)
{
    exchange_.reset();
    exchange_over_ = false;
    call_->dog.leave();
    call_->dog.end_attempt();
    if (got_.sent_any) {
        ++engine_->counters_->requests_sent;
        call_->permit.used();
    }
    call_->request_was_sent = call_->request_was_sent || got_.sent_any;
    call_->answer_began = call_->answer_began || got_.received_any;
    auto const took = engine_->events_->since(call_->attempt_start);
    if (!thrown && !got_.failure) {
        refusal_ = read_refusal();
        engine_->gate_->learn(
            call_->permit, request_, options_, got_.answer, refusal_.get(),
            std::chrono::ceil<milliseconds>(took));
        engine_->sudo_.learn(request_, options_, got_.answer, refusal_.get(), call_->attempt_start);
    }
    event end;
    end.duration = took;
    end.status = got_.answer.status;
    if (got_.failure)
        end.code = make_error_code(got_.failure->code);
    call_->emit(event_kind::attempt_end, end);
    open_event_.reset();
    if (lease_)
        settle(thrown);
}

void call_run::announce(net::connection const& used)
{
    call_->connection = used.number;
    call_->remote = used.remote;
    if (used.reused())
        tell_remote(event_kind::connection_reused);
}

void call_run::tell_remote(event_kind kind) const
{
    if (!engine_->events_->wanted())
        return;
    event what;
    if (call_->remote)
        what.detail = *call_->remote;
    call_->emit(kind, what);
}

void call_run::settle(bool thrown)
{
    if (got_.surplus)
        ++engine_->counters_->unexpected_bytes;
    if (got_.keep_alive)
        lease_->keep_alive = milliseconds(*got_.keep_alive) - std::chrono::seconds(1);
    if (got_.requests_left)
        lease_->last_use = lease_->uses + *got_.requests_left;
    if (got_.reusable && !thrown)
        lease_.give_back();
    else
        lease_.drop(got_.surplus ? core::close_reason::unexpected_bytes : core::close_reason::not_reusable);
}

call_run::next_step call_run::conclude()
{
    if (!got_.failure)
        return conclude_answer();
    facts_.lost = got_.lost;
    facts_.sent_any = got_.sent_any;
    facts_.received_any = got_.received_any;
    // A client that was shut down makes no connection any more.
    if (!engine_->shut_down_ && core::retry_on_fresh_connection(facts_)) {
        call_->repeated_fresh = true;
        ++engine_->counters_->retries;
        event why;
        why.detail = "the server had closed the pooled connection";
        call_->emit(event_kind::retry, why);
        return next_step::fresh_connection;
    }
    return fail_or_pause(call_->describe(*got_.failure));
}

call_run::next_step call_run::conclude_answer()
{
    auto& answer = got_.answer;
    auto const raw = call_->what() == operation::raw;
    if (refusal_ && !raw)
        return fail_or_pause(std::move(*refusal_));
    if (refusal_ && core::passes_by_itself(answer.status) && pause_before_next(*refusal_))
        return next_step::pause;
    if (refusal_)
        result_.hidden = std::make_unique<wire::own_secrets>(own_secrets());
    result_.answer = std::move(answer);
    result_.call = call_->answered();
    result_.call.echoes_secret = echoes_secret(result_.answer.headers.find("X-Request-ID"));
    call_->succeed(result_.answer.status);
    return next_step::done;
}

std::unique_ptr<error_info> call_run::read_refusal() const
{
    auto const status = got_.answer.status;
    if (status >= 200 && status < 300)
        return nullptr;
    auto read = std::make_unique<error_info>(call_->describe());
    read->http_status = status;
    read->phase = phase::done;
    wire::decode_error(got_.answer, *read, own_secrets());
    return read;
}

// Of each good answer, which is not decoded yet: so the request is only taken to pieces where there is a reason to.
bool call_run::echoes_secret(std::string_view id) const
{
    auto const has = [id](secret const& value) { return id.find(value.reveal()) != std::string_view::npos; };
    auto const suspicious = wire::may_show_secret(request_, id) ||
                            (options_.sudo_token && has(*options_.sudo_token)) ||
                            (options_.captcha && has(options_.captcha->token));
    return suspicious && own_secrets().blanked(id) != id;
}

wire::own_secrets call_run::own_secrets() const
{
    wire::own_secrets found(request_);
    if (options_.sudo_token)
        found.add(*options_.sudo_token);
    if (options_.captcha)
        found.add(options_.captcha->token);
    return found;
}

call_run::next_step call_run::fail_or_pause(error_info info)
{
    if (pause_before_next(info))
        return next_step::pause;
    result_.error = call_->fail(std::move(info));
    return next_step::done;
}

bool call_run::pause_before_next(error_info const& failed)
{
    if (engine_->shut_down_)
        return false;
    ++call_->failures;
    core::failed_attempt facts;
    facts.passing = core::passes_by_itself(failed);
    facts.repeatable = call_->repeatable;
    facts.failures = call_->failures;
    facts.max_attempts = call_->max_attempts;
    facts.retry_after = failed.retry_after;
    facts.time_left = call_->dog.time_left();
    auto const verdict = engine_->retry_.decide(facts);
    event what;
    what.code = make_error_code(failed.code);
    what.status = failed.http_status;
    what.duration = verdict.pause;
    what.detail = verdict.reason;
    if (verdict.again) {
        ++engine_->counters_->retries;
        call_->pause = verdict.pause;
        call_->emit(event_kind::retry, what);
    } else if (verdict.worth_telling) {
        call_->emit(event_kind::retry_refused, what);
    }
    return verdict.again;
}

void call_run::follow(next_step next)
{
    fresh_ = next == next_step::fresh_connection;
    switch (next) {
    case next_step::done:
        finish();
        break;
    case next_step::fresh_connection:
        stage_ = call_->permit.is_granted() ? stage::connect : stage::acquire;
        break;
    case next_step::pause:
        call_->permit = {};
        stage_ = stage::pause;
        break;
    }
}

void call_run::finish(std::optional<error> failed)
{
    if (failed)
        result_.error = std::move(failed);
    // Whoever waits for the last call's end is told now.
    call_.reset();
    stage_ = stage::over;
}

} // namespace fluxer::auth::call
