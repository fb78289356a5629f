#ifndef FLUXER_AUTH_CLI_TABLE_HPP
#define FLUXER_AUTH_CLI_TABLE_HPP

#include <cstddef>
#include <string>
#include <vector>

namespace fluxer::auth::cli {

enum class align { left, right };

/// Text in columns, as wide as their widest cell and two blanks apart. Cells are ASCII.
class table
{
public:
    explicit table(std::vector<align> columns)
        : columns_(std::move(columns))
    {}

    /// @param cells at most one per column; missing ones are empty
    void add_row(std::vector<std::string> cells);

    /// All rows, each with a line break and without blanks at its end.
    /// @param indent blanks before each row
    std::string to_string(std::size_t indent) const;

private:
    std::vector<align> columns_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace fluxer::auth::cli

#endif
