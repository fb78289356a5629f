#ifndef FLUXER_AUTH_CALL_RATE_PERMIT_HPP
#define FLUXER_AUTH_CALL_RATE_PERMIT_HPP

#include <fluxer/auth/rate.hpp>

#include <memory>

namespace fluxer::auth::call {

/// Leave to send one request: asked for, then used, or given back whichever way the call goes. The governor is told
/// of the end.
class rate_permit
{
public:
    /// None is needed.
    rate_permit() noexcept = default;

    rate_permit(std::shared_ptr<rate_governor> from, rate_request request);
    rate_permit(rate_permit&& other) noexcept;
    rate_permit& operator=(rate_permit&& other) noexcept;
    ~rate_permit();

    /// Whether it has to be asked for before sending.
    bool is_wanted() const noexcept
    {
        return governor_ && (stage_ == stage::fresh || stage_ == stage::asked);
    }

    /// There is leave, and nothing was sent.
    bool is_granted() const noexcept { return stage_ == stage::granted; }

    rate_request const& request() const noexcept { return request_; }

    /// Throws what the governor does.
    void ask(rate_reply reply);

    void granted() noexcept { stage_ = stage::granted; }

    /// The request was sent, or some of it.
    void used() noexcept
    {
        if (stage_ == stage::granted)
            stage_ = stage::used;
    }

    /// What became of it. Throws what the governor does.
    void over(rate_answer const& answer);

private:
    enum class stage { fresh, asked, granted, used, over };

    void end() noexcept;

    std::shared_ptr<rate_governor> governor_;
    rate_request request_;
    stage stage_ = stage::fresh;
};

} // namespace fluxer::auth::call

#endif
