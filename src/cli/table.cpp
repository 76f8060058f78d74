// SPDX-License-Identifier: Apache-2.0
#include "cli/table.hpp"

#include <algorithm>

#include "cli/text.hpp"

namespace storemark::cli {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t least_width = 8;  // of a column that gave way

/// The first `width` columns of the text, in bytes.
std::size_t cut(std::string_view text, std::size_t width) {
  std::size_t at = 0;
  for (std::size_t seen = 0; at < text.size(); ++at) {
    const bool starts = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80;
    if (starts && seen++ == width) break;
  }
  return at;
}

using Lines = std::vector<std::string>;

/// One line of a row, made of the same line of each cell.
std::string line_of(const std::vector<Lines>& cells, const std::vector<Colour>& colours,
                    const std::vector<std::size_t>& widths, std::size_t line) {
  std::string out;
  std::size_t owed = 0;  // spaces, printed only before something: no line ends in blanks
  for (std::size_t c = 0; c < cells.size(); ++c) {
    const std::string text = line < cells[c].size() ? cells[c][line] : "";
    if (!text.empty()) {
      out += std::string(owed, ' ') + coloured(colours[c], text);
      owed = 0;
    }
    owed += widths[c] - columns(text) + gap;
  }
  return out;
}

std::string row_text(const std::vector<Cell>& row, const std::vector<std::size_t>& widths,
                     std::string_view indent) {
  std::vector<Lines> cells;
  std::vector<Colour> colours;
  std::size_t height = 1;
  for (std::size_t c = 0; c < row.size(); ++c) {
    cells.push_back(wrapped(row[c].text, widths[c], LongWord::cut));
    colours.push_back(row[c].colour);
    height = std::max(height, cells.back().size());
  }
  std::string out;
  for (std::size_t line = 0; line < height; ++line) {
    out += std::string(indent) + line_of(cells, colours, widths, line) + "\n";
  }
  return out;
}

}  // namespace

std::vector<std::string> wrapped(std::string_view text, std::size_t width, LongWord long_word) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    std::string_view word = text.substr(0, space);
    text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
    if (!line.empty() && columns(line) + 1 + columns(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    while (long_word == LongWord::cut && columns(word) > width) {
      const std::size_t bytes = cut(word, width);
      lines.emplace_back(word.substr(0, bytes));
      word.remove_prefix(bytes);
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string paragraph(std::string_view first, std::string_view rest, std::string_view text) {
  const std::size_t room = screen_columns() - std::max(columns(first), columns(rest));
  std::string out;
  for (const std::string& line : wrapped(text, room, LongWord::keep)) {
    out += std::string(out.empty() ? first : rest) + line + "\n";
  }
  return out;
}

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> out;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const std::size_t title = columns(columns_[c].title);
    std::size_t widest = title;
    for (const auto& row : rows_) widest = std::max(widest, columns(row[c].text));
    // A title may need more than the column allows: it is short, let it stand.
    out.push_back(std::min(widest, std::max(columns_[c].max_width, title)));
  }
  return out;
}

std::vector<std::size_t> Table::widths_within(std::size_t room) const {
  std::vector<std::size_t> out = widths();
  std::size_t taken = gap * (out.size() - 1);
  for (const std::size_t width : out) taken += width;
  for (; taken > room; --taken) {
    std::size_t& widest = *std::max_element(out.begin(), out.end());
    if (widest <= least_width) break;
    --widest;
  }
  return out;
}

std::size_t Table::width() const {
  std::size_t out = 0;
  for (const std::size_t width : widths()) out += width + (out == 0 ? 0 : gap);
  return out;
}

std::string Table::text(std::string_view indent) const {
  std::vector<Cell> titles;
  for (const Column& column : columns_) titles.push_back({column.title, Colour::strong});
  const std::vector<std::size_t> wide = widths_within(screen_columns() - indent.size());
  std::string out = row_text(titles, wide, indent);
  for (const auto& row : rows_) out += row_text(row, wide, indent);
  return out;
}

}  // namespace storemark::cli
