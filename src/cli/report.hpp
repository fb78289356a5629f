#ifndef FLUXER_AUTH_CLI_REPORT_HPP
#define FLUXER_AUTH_CLI_REPORT_HPP

#include "cli/terminal.hpp"

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string_view>

namespace fluxer::auth::cli {

/// What a command tells the user on standard output: headings, and under them lines that begin with a mark.
class report
{
public:
    using duration = std::chrono::steady_clock::duration;

    report(std::ostream& out, terminal shows);

    void heading(std::string_view text);

    /// Something that went well.
    /// @param took shown in a column of its own at the right
    void ok(std::string_view text, std::optional<duration> took = std::nullopt);

    void failed(std::string_view text);

    /// A line without a mark.
    void note(std::string_view text);

    /// Lines as they are, e.g. a table.
    void block(std::string_view lines);

    /// Blanks that align a block with the text of the lines.
    std::size_t indent() const noexcept;

private:
    void line(std::string_view mark, std::string_view text, std::optional<duration> took);

    std::ostream& out_;
    terminal shows_;
};

} // namespace fluxer::auth::cli

#endif
