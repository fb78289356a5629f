#include "net/pool.hpp"

#include <utility>

namespace fluxer::auth::net {

lease::lease(std::shared_ptr<pool> from, connection& held)
    : from_(std::move(from))
    , held_(&held)
{}

lease::lease(lease&& other) noexcept
    : from_(std::move(other.from_))
    , held_(std::exchange(other.held_, nullptr))
{}

lease& lease::operator=(lease&& other) noexcept
{
    std::swap(from_, other.from_);
    std::swap(held_, other.held_);
    return *this;
}

lease::~lease()
{
    if (held_ != nullptr)
        from_->abandon(*held_);
}

void lease::look()
{
    if (!from_->is_still_good(*held_))
        held_ = nullptr;
}

void lease::begin_use() noexcept
{
    from_->begin_use(*held_);
}

void lease::give_back()
{
    from_->give_back(*std::exchange(held_, nullptr));
}

void lease::drop(core::close_reason why)
{
    from_->drop(*std::exchange(held_, nullptr), why);
}

} // namespace fluxer::auth::net
