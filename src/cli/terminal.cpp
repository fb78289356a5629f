#include "cli/terminal.hpp"

#include <clocale>
#include <string_view>

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace fluxer::auth::cli {

terminal standard_output()
{
    terminal out;
    out.interactive = ::isatty(STDOUT_FILENO) == 1;
    // Only the character set: numbers keep the decimal point.
    std::setlocale(LC_CTYPE, "");
    out.utf8 = out.interactive && std::string_view(::nl_langinfo(CODESET)) == "UTF-8";
    winsize size{};
    if (out.interactive && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        out.columns = size.ws_col;
    return out;
}

} // namespace fluxer::auth::cli
