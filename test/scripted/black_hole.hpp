#ifndef FLUXER_AUTH_TEST_SCRIPTED_BLACK_HOLE_HPP
#define FLUXER_AUTH_TEST_SCRIPTED_BLACK_HOLE_HPP

#include <string>
#include <vector>

namespace fluxer::auth::test {

/// An address of loopback at which connecting never ends: its queue of connections is full.
class black_hole
{
public:
    explicit black_hole(unsigned short port, std::string const& at = address);
    black_hole(black_hole const&) = delete;
    black_hole& operator=(black_hole const&) = delete;
    ~black_hole();

    static constexpr char const* address = "127.0.0.2";

private:
    std::vector<int> descriptors_;
};

} // namespace fluxer::auth::test

#endif
