#include "cli/table.hpp"

#include <algorithm>
#include <utility>

namespace fluxer::auth::cli {

void table::add_row(std::vector<std::string> cells)
{
    cells.resize(columns_.size());
    rows_.push_back(std::move(cells));
}

std::string table::to_string(std::size_t indent) const
{
    std::vector<std::size_t> widths(columns_.size(), 0);
    for (auto const& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());

    std::string text;
    for (auto const& row : rows_) {
        std::string line(indent, ' ');
        for (std::size_t i = 0; i < row.size(); ++i) {
            std::string const padding(widths[i] - row[i].size(), ' ');
            line += i == 0 ? "" : "  ";
            line += columns_[i] == align::left ? row[i] + padding : padding + row[i];
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

} // namespace fluxer::auth::cli
