#include "scripted/black_hole.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace fluxer::auth::test {

black_hole::black_hole(unsigned short port, std::string const& at)
{
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    ::inet_pton(AF_INET, at.c_str(), &where.sin_addr);
    auto const listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    descriptors_.push_back(listener);
    if (::bind(listener, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0 ||
        ::listen(listener, 0) != 0)
        throw std::runtime_error("cannot make a black hole");
    // The first is queued and fills the queue; whoever comes later gets no answer at all.
    for (int count = 0; count < 4; ++count) {
        auto const filler = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        descriptors_.push_back(filler);
        [[maybe_unused]] auto const result =
            ::connect(filler, reinterpret_cast<sockaddr*>(&where), sizeof where);
    }
}

black_hole::~black_hole()
{
    for (auto const descriptor : descriptors_)
        ::close(descriptor);
}

} // namespace fluxer::auth::test
