#include "core/idn.hpp"

#include "core/printable.hpp"

#include <idn2.h>

#include <memory>

namespace fluxer::auth::core {

namespace {

using idn_text = std::unique_ptr<char, decltype(&idn2_free)>;

constexpr std::size_t longest_reason = 200;

/// Never by the process's locale: the u8 variant takes UTF-8.
int look_up(std::string const& host, int flags, idn_text& into)
{
    // The casts are between kinds of bytes, which libidn2 takes and gives as unsigned ones.
    std::uint8_t* made = nullptr;
    auto const status =
        idn2_lookup_u8(reinterpret_cast<std::uint8_t const*>(host.c_str()), &made, flags); // NOLINT(*-cast)
    into.reset(reinterpret_cast<char*>(made)); // NOLINT(*-reinterpret-cast)
    return status;
}

} // namespace

bool converts_host_names() noexcept
{
    return true;
}

std::optional<std::string> to_ascii_host(std::string_view host, std::string& problem)
{
    std::string const name(host);
    idn_text made(nullptr, &idn2_free);
    auto const status = look_up(name, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL, made);
    if (status != IDN2_OK && look_up(name, IDN2_NFC_INPUT | IDN2_TRANSITIONAL, made) != IDN2_OK) {
        problem = "has an international host name that cannot be converted: " +
                  printable(idn2_strerror(status), longest_reason);
        return std::nullopt;
    }
    return std::string(made.get());
}

} // namespace fluxer::auth::core
