#include "cli/progress_line.hpp"

#include <algorithm>
#include <ostream>
#include <string>

namespace fluxer::auth::cli {

namespace {

constexpr std::size_t longest_bar = 30;
constexpr std::size_t shortest_bar = 10;
constexpr std::size_t frame = 3; // of the bar, with the blank behind it
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
    auto const width = bar_width(text.size());
    std::string bar(std::min(done, total_) * width / total_, '#');
    bar.resize(width, '.');
    auto line = std::string(indent_, ' ').append("[").append(bar).append("] ").append(text);
    if (columns_ != 0 && line.size() >= columns_)
        line.resize(columns_ - 1);
    out_ << '\r' << line << erase_to_end << std::flush;
    shown_ = true;
}

std::size_t progress_line::bar_width(std::size_t text) const
{
    auto const others = indent_ + frame + text + 1;
    if (columns_ == 0 || others + longest_bar <= columns_)
        return longest_bar;
    return others + shortest_bar < columns_ ? columns_ - others : shortest_bar;
}

void progress_line::clear()
{
    if (shown_)
        out_ << '\r' << erase_to_end << std::flush;
    shown_ = false;
}

} // namespace fluxer::auth::cli
