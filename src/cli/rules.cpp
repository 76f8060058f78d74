// SPDX-License-Identifier: Apache-2.0
#include "cli/rules.hpp"

namespace storemark::cli {
namespace {

constexpr std::string_view rules_text =
#include "rules_text.inc"
    ;

/// "## R10 (clean stores)": its id and title; false for any other line.
bool is_heading(std::string_view line, RulePage& out) {
  constexpr std::string_view begins = "## R";
  const std::size_t open = line.find(" (");
  if (!line.starts_with(begins) || open == std::string_view::npos || !line.ends_with(')')) {
    return false;
  }
  out.id = line.substr(begins.size() - 1, open - begins.size() + 1);
  out.title = line.substr(open + 2, line.size() - open - 3);
  out.page.clear();
  return true;
}

/// Lines of a paragraph become one line, and marks for a browser go.
void add_line(std::string& page, std::string_view line) {
  if (line.empty() && (page.empty() || page.ends_with("\n\n"))) return;
  if (line.empty()) {
    page += "\n\n";
    return;
  }
  const bool begins = line.starts_with("**") || line.starts_with("- ");
  if (!page.empty() && !page.ends_with('\n')) page += begins ? '\n' : ' ';
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line.substr(i).starts_with("**")) {
      ++i;
    } else if (line[i] != '`') {
      page += line[i];
    }
  }
}

}  // namespace

std::vector<RulePage> cut_into_rules(std::string_view text) {
  std::vector<RulePage> out;
  bool inside = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    RulePage next;
    if (is_heading(line, next)) {
      out.push_back(std::move(next));
      inside = true;
    } else if (line.starts_with('#')) {
      inside = false;
    } else if (inside) {
      add_line(out.back().page, line);
    }
  }
  for (RulePage& rule : out) {
    while (rule.page.ends_with('\n')) rule.page.pop_back();
  }
  return out;
}

const std::vector<RulePage>& rule_pages() {
  static const std::vector<RulePage> pages = cut_into_rules(rules_text);
  return pages;
}

}  // namespace storemark::cli
