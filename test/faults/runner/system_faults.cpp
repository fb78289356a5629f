#include "system_faults.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <string_view>
#include <utility>

namespace fluxer::auth::faults {

namespace {

thread_local std::vector<system_fault> active;

struct named_error
{
    std::string_view name;
    int value;
};

constexpr std::array<named_error, 17> errors{{
    {"EMFILE", EMFILE},
    {"ENFILE", ENFILE},
    {"ENOBUFS", ENOBUFS},
    {"ENOMEM", ENOMEM},
    {"EACCES", EACCES},
    {"EPERM", EPERM},
    {"EAFNOSUPPORT", EAFNOSUPPORT},
    {"EADDRNOTAVAIL", EADDRNOTAVAIL},
    {"ECONNREFUSED", ECONNREFUSED},
    {"ECONNRESET", ECONNRESET},
    {"ENETUNREACH", ENETUNREACH},
    {"EHOSTUNREACH", EHOSTUNREACH},
    {"ETIMEDOUT", ETIMEDOUT},
    {"EPIPE", EPIPE},
    {"EINTR", EINTR},
    {"EAGAIN", EAGAIN},
    {"ECONNABORTED", ECONNABORTED},
}};

int error_named(item const& from)
{
    auto const name = from.text();
    for (auto const& [known, value] : errors)
        if (known == name)
            return value;
    from.fail("'" + name + "' is no error that is known here");
}

system_fault read_fault(item const& from)
{
    system_fault made;
    members fields(from);
    made.call = fields.need("call").choice({"socket", "connect", "send", "recv"});
    if (auto const error = fields.find("error"))
        made.error = error_named(*error);
    if (auto const bytes = fields.find("bytes"))
        made.bytes = static_cast<std::size_t>(bytes->integer(1));
    made.skip = static_cast<std::size_t>(fields.integer("skip", 0));
    made.times = static_cast<std::size_t>(fields.integer("times", std::numeric_limits<std::int64_t>::max()));
    fields.finish();
    if ((made.error == 0) == (made.bytes == 0))
        from.fail("needs either 'error' or 'bytes'");
    if (made.bytes != 0 && made.call < 2)
        from.fail("'bytes' is for send and recv");
    return made;
}

} // namespace

std::vector<system_fault> read_system_faults(members& script)
{
    std::vector<system_fault> made;
    if (auto const list = script.find("system"))
        for (auto const& each : list->list())
            made.push_back(read_fault(each));
    return made;
}

void use_system_faults(std::vector<system_fault> faults)
{
    active = std::move(faults);
}

/// The fault that hits this call, or null.
static system_fault const* fault_of(std::size_t call)
{
    for (auto& each : active) {
        if (each.call != call)
            continue;
        if (each.skip > 0) {
            --each.skip;
            continue;
        }
        if (each.times == 0)
            continue;
        --each.times;
        return &each;
    }
    return nullptr;
}

static bool fails(system_fault const* fault)
{
    if (fault == nullptr || fault->error == 0)
        return false;
    errno = fault->error;
    return true;
}

static std::size_t shortened(system_fault const* fault, std::size_t size)
{
    return fault == nullptr ? size : std::min(size, fault->bytes);
}

} // namespace fluxer::auth::faults

// These take the place of the C library's, for the whole program.
using fluxer::auth::faults::fails;
using fluxer::auth::faults::fault_of;
using fluxer::auth::faults::shortened;

extern "C" {

int socket(int domain, int type, int protocol) noexcept
{
    if (fails(fault_of(0)))
        return -1;
    return static_cast<int>(::syscall(SYS_socket, domain, type, protocol));
}

int connect(int descriptor, sockaddr const* address, socklen_t size)
{
    if (fails(fault_of(1)))
        return -1;
    return static_cast<int>(::syscall(SYS_connect, descriptor, address, size));
}

ssize_t send(int descriptor, void const* data, std::size_t size, int flags)
{
    auto const* fault = fault_of(2);
    if (fails(fault))
        return -1;
    return ::syscall(SYS_sendto, descriptor, data, shortened(fault, size), flags, nullptr, 0);
}

ssize_t recv(int descriptor, void* data, std::size_t size, int flags)
{
    auto const* fault = fault_of(3);
    if (fails(fault))
        return -1;
    return ::syscall(SYS_recvfrom, descriptor, data, shortened(fault, size), flags, nullptr, nullptr);
}
}
