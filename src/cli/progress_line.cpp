#include "cli/progress_line.hpp"

#include <algorithm>
#include <ostream>
#include <string>

namespace fluxer::auth::cli {

namespace {

constexpr std::uint64_t bar_width = 30;
constexpr std::chrono::milliseconds pause{50};
constexpr std::string_view erase_to_end = "\x1b[K";

} // namespace

progress_line::progress_line(
    std::ostream& out, bool interactive, std::size_t indent, std::uint64_t total, std::size_t columns)
    : out_(out)
    , interactive_(interactive)
    , indent_(indent)
    , total_(std::max<std::uint64_t>(total, 1))
    , columns_(columns)
{}

progress_line::~progress_line()
{
    clear();
}

void progress_line::update(std::uint64_t done, std::string_view text, time_point now)
{
    if (!is_due(now))
        return;
    next_ = now + pause;
    auto const filled = std::min(done, total_) * bar_width / total_;
    std::string bar(filled, '#');
    bar.resize(bar_width, '.');
    auto line = std::string(indent_, ' ').append("[").append(bar).append("] ").append(text);
    if (columns_ != 0 && line.size() >= columns_)
        line.resize(columns_ - 1);
    out_ << '\r' << line << erase_to_end << std::flush;
    shown_ = true;
}

void progress_line::clear()
{
    if (shown_)
        out_ << '\r' << erase_to_end << std::flush;
    shown_ = false;
}

} // namespace fluxer::auth::cli
