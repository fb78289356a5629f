#include "secrets/memory.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <new>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace fluxer::auth::test {

namespace {

constexpr char mask = 0x5a;

struct region
{
    std::uintptr_t start = 0;
    std::uintptr_t end = 0;
    std::string kind;
};

/// Must not be searched itself, and shared memory is a region of its own.
class scan_buffer
{
public:
    static constexpr std::size_t size = 1024 * 1024;

    scan_buffer()
        : data_(static_cast<char*>(
              ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)))
    {
        if (data_ == MAP_FAILED)
            throw std::bad_alloc();
    }

    scan_buffer(scan_buffer const&) = delete;
    scan_buffer& operator=(scan_buffer const&) = delete;

    ~scan_buffer() { ::munmap(data_, size); }

    char* data() const noexcept { return data_; }

    bool is_in(region const& other) const noexcept
    {
        auto const own = reinterpret_cast<std::uintptr_t>(data_);
        return own >= other.start && own < other.end;
    }

private:
    char* data_;
};

std::vector<region> writable_regions()
{
    std::vector<region> found;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        region one;
        char permissions[5] = {};
        int name = 0;
        if (std::sscanf(
                line.c_str(), "%lx-%lx %4s %*s %*s %*s %n", &one.start, &one.end, permissions, &name) < 3)
            continue;
        if (permissions[0] != 'r' || permissions[1] != 'w')
            continue;
        one.kind = line.substr(static_cast<std::size_t>(name));
        found.push_back(std::move(one));
    }
    return found;
}

} // namespace

hidden_text hidden_text::hide(std::string& text)
{
    auto hidden = hide(std::string_view(text));
    std::memset(text.data(), 0, text.size());
    return hidden;
}

hidden_text hidden_text::hide(std::string_view text)
{
    hidden_text hidden;
    hidden.bytes_.reserve(text.size());
    for (auto const character : text)
        hidden.bytes_.push_back(static_cast<char>(character ^ mask));
    return hidden;
}

secret hidden_text::reveal() const
{
    std::string text;
    text.reserve(bytes_.size());
    for (auto const byte : bytes_)
        text.push_back(static_cast<char>(byte ^ mask));
    return secret(std::move(text));
}

bool hidden_text::is_at(char const* place) const noexcept
{
    for (std::size_t index = 0; index < bytes_.size(); ++index) {
        if (place[index] != static_cast<char>(bytes_[index] ^ mask))
            return false;
    }
    return true;
}

std::vector<std::string> places_of(hidden_text const& text)
{
    std::vector<std::string> found;
    // Read through the kernel, since a region may have gone.
    auto const memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    scan_buffer buffer;
    for (auto const& one : writable_regions()) {
        if (buffer.is_in(one))
            continue;
        for (auto start = one.start; start < one.end; start += scan_buffer::size - text.size()) {
            auto const size = std::min<std::size_t>(scan_buffer::size, one.end - start);
            auto const got = ::pread(memory, buffer.data(), size, static_cast<off_t>(start));
            for (ssize_t at = 0; at + static_cast<ssize_t>(text.size()) <= got; ++at) {
                if (text.is_at(buffer.data() + at))
                    found.push_back(one.kind);
            }
        }
    }
    ::close(memory);
    return found;
}

void check_nowhere(hidden_text const& text, char const* what)
{
    for (auto const& place : places_of(text))
        BOOST_ERROR("the " << what << " was left in memory: " << (place.empty() ? "mapped" : place));
}

} // namespace fluxer::auth::test
