#ifndef FLUXER_AUTH_CLI_PROGRESS_LINE_HPP
#define FLUXER_AUTH_CLI_PROGRESS_LINE_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string_view>

namespace fluxer::auth::cli {

/// A line on a terminal that is written again and again; nothing at all where standard output is no terminal.
class progress_line
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// @param total what 100 % is, 1 or more
    /// @param columns of the terminal, where the bar shrinks and the text is cut off, as a line that wraps cannot be
    ///   written over; 0: not known
    progress_line(
        std::ostream& out, bool interactive, std::size_t indent, std::uint64_t total,
        std::size_t columns = 0);
    ~progress_line();

    progress_line(progress_line const&) = delete;
    progress_line& operator=(progress_line const&) = delete;

    /// Shows how far things are, unless it did so a moment ago.
    /// @param text what stands behind the bar
    void update(std::uint64_t done, std::string_view text, time_point now);

    /// Whether update() would show anything at this moment: spares the caller from making up a text.
    bool is_due(time_point now) const noexcept { return interactive_ && now >= next_; }

    /// Takes the line away.
    void clear();

private:
    std::size_t bar_width(std::size_t text) const;

    std::ostream& out_;
    bool interactive_;
    std::size_t indent_;
    std::uint64_t total_;
    std::size_t columns_;
    time_point next_{};
    bool shown_ = false;
};

} // namespace fluxer::auth::cli

#endif
