#include "cli/write_file.hpp"

#include <fstream>
#include <stdexcept>

namespace fluxer::auth::cli {

void write_file(std::string const& path, std::string_view text)
{
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << text << std::flush;
    if (!out)
        throw std::runtime_error("cannot write " + path);
}

} // namespace fluxer::auth::cli
