#include "cli/report.hpp"

#include "cli/format.hpp"

#include <ostream>
#include <string>

namespace fluxer::auth::cli {

namespace {

constexpr std::size_t margin = 2;
constexpr std::size_t text_width = 64; // as wide as the longest usual line, so that durations align
constexpr std::size_t duration_width = 8;

std::string padded_left(std::string text, std::size_t width)
{
    return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

} // namespace

report::report(std::ostream& out, terminal shows)
    : out_(out)
    , shows_(shows)
{}

void report::heading(std::string_view text)
{
    out_ << '\n' << text << '\n' << std::flush;
}

void report::ok(std::string_view text, std::optional<duration> took)
{
    line(shows_.utf8 ? "\u2713" : "ok", text, took);
}

void report::failed(std::string_view text)
{
    line(shows_.utf8 ? "\u2717" : "FAILED", text, std::nullopt);
}

void report::note(std::string_view text)
{
    line("", text, std::nullopt);
}

void report::block(std::string_view lines)
{
    out_ << lines << std::flush;
}

std::size_t report::indent() const noexcept
{
    // Behind a mark and a blank; FAILED, which is longer, is not worth a wider column.
    return margin + (shows_.utf8 ? 1 : 2) + 1;
}

void report::line(std::string_view mark, std::string_view text, std::optional<duration> took)
{
    auto const mark_width = mark.size() > 2 && shows_.utf8 ? 1 : mark.size(); // three bytes, one column
    auto const gap = margin + mark_width < indent() ? indent() - margin - mark_width : 1;
    std::string whole = std::string(margin, ' ').append(mark).append(gap, ' ').append(text);
    if (took) {
        whole.append(text.size() < text_width ? text_width - text.size() : 0, ' ');
        auto const exact = std::chrono::duration_cast<std::chrono::microseconds>(*took);
        whole += "  " + padded_left(duration_text(exact), duration_width);
    }
    out_ << whole << '\n' << std::flush;
}

} // namespace fluxer::auth::cli
