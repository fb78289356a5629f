#include "peers/floor/loop.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

namespace fluxer::auth::bench::floor {

loop::loop(settings const& how, bool resume)
    : port_(how.port)
    , epoll_(epoll_create1(EPOLL_CLOEXEC))
    , tls_(how.ca_file, resume)
{}

loop::~loop()
{
    connections_.clear();
    ::close(epoll_);
}

void loop::open()
{
    auto made = std::make_unique<connection>(tls_, port_);
    auto& added = *made;
    connections_.emplace(&added, std::move(made));
    watch(added, EPOLL_CTL_ADD, false);
    give_turn(added);
}

void loop::close(connection& which)
{
    // Closing the descriptor takes it out of the epoll instance.
    connections_.erase(&which);
}

void loop::run()
{
    std::array<epoll_event, 256> events;
    while (!over()) {
        auto const count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), prepare());
        if (count < 0 && errno != EINTR)
            throw std::runtime_error("epoll_wait");
        for (int index = 0; index < count; ++index)
            give_turn(*static_cast<connection*>(events[static_cast<std::size_t>(index)].data.ptr));
    }
}

void loop::give_turn(connection& which)
{
    switch (which.go_on()) {
    case turn::wants_write:
        if (!which.writable_wanted)
            watch(which, EPOLL_CTL_MOD, true);
        return;
    case turn::wants_read:
        if (which.writable_wanted)
            watch(which, EPOLL_CTL_MOD, false);
        return;
    case turn::connected:
        ++handshakes_;
        resumed_ += which.was_resumed() ? 1U : 0U;
        if (which.writable_wanted)
            watch(which, EPOLL_CTL_MOD, false);
        connected(which);
        return;
    case turn::answered:
        answered(which);
        return;
    }
}

void loop::watch(connection& which, int operation, bool writable)
{
    epoll_event event{};
    event.events = writable ? EPOLLOUT : EPOLLIN;
    event.data.ptr = &which;
    if (epoll_ctl(epoll_, operation, which.descriptor(), &event) != 0)
        throw std::runtime_error("epoll_ctl");
    which.writable_wanted = writable;
}

} // namespace fluxer::auth::bench::floor
