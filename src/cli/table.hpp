// SPDX-License-Identifier: Apache-2.0
// Rows in aligned columns that fit a screen: long cells wrap at their words.
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"

namespace storemark::cli {

struct Cell {
  std::string text;
  Colour colour = Colour::none;
};

struct Column {
  std::string title;
  std::size_t max_width = static_cast<std::size_t>(-1);  ///< wider cells wrap
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// How wide its widest line is.
  [[nodiscard]] std::size_t width() const;
  /// As many cells as there are columns.
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  /// The table, each line beginning with `indent` and ending in a newline. Where it is wider than
  /// the screen, the widest columns give way.
  [[nodiscard]] std::string text(std::string_view indent = "") const;

 private:
  [[nodiscard]] std::vector<std::size_t> widths() const;
  [[nodiscard]] std::vector<std::size_t> widths_within(std::size_t room) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

/// What becomes of a word that is longer than the line.
enum class LongWord { cut, keep };

/// The text in lines of at most `width` columns, broken at spaces.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t width,
                                               LongWord long_word);

/// A paragraph that begins with `first` and goes on with `rest`, within the screen; ends in a
/// newline. Long words are kept: they are paths, to be copied.
[[nodiscard]] std::string paragraph(std::string_view first, std::string_view rest,
                                    std::string_view text);

}  // namespace storemark::cli
