// SPDX-License-Identifier: Apache-2.0
#include "cli/examine_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/advice.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

constexpr std::size_t least_store_width = 8;
constexpr std::string_view indent = "  ";

/// A row of the table: the store, and what stands in the column of ranks.
struct Line {
  StoreIndex store = 0;
  std::string rank = "-";
};

Colour colour_of(const Store& store) {
  switch (finding(store)) {
    case ExitStatus::damaged:
      return Colour::bad;
    case ExitStatus::safe:
      break;
    default:
      return Colour::care;
  }
  const StoreState state = store.seen->verdict.state;
  const bool finished = state == StoreState::clean || state == StoreState::empty;
  return finished ? Colour::good : Colour::care;
}

std::string view_text(const Record& record) {
  if (record.view.id.is_nil()) return "-";
  return fmt::format("{}/{}", short_id(record.view.id), record.view.members.size());
}

std::string use_text(const Examination& seen) {
  return seen.busy ? "busy" : seen.in_use ? "yes" : "no";
}

Cell slots_cell(const Examination& seen) {
  const std::size_t bad = bad_slots(seen).size();
  return {fmt::format("{}/{}", seen.slots.size() - bad, seen.slots.size()),
          bad == 0 ? Colour::none : Colour::bad};
}

std::vector<Cell> row(const Survey& survey, const Line& line, std::size_t width) {
  const Store& store = survey.stores[line.store];
  std::vector<Cell> cells{{line.rank},
                          {keep_end(name_of(survey, line.store), width)},
                          {state_word(store), colour_of(store)}};
  if (!store.seen || !store.seen->verdict.record) {
    cells.insert(cells.end(), 5, {"-"});
    return cells;
  }
  const Record& record = *store.seen->verdict.record;
  cells.push_back({sequence_text(store.seen->verdict)});
  cells.push_back({view_text(record)});
  cells.push_back({rfc3339(record.wall_clock)});
  cells.push_back(slots_cell(*store.seen));
  cells.push_back({use_text(*store.seen)});
  return cells;
}

Table table_of(const Survey& survey, const std::vector<Line>& lines, std::size_t width) {
  Table table({{"RANK"},
               {"STORE"},
               {"STATE", 12},
               {"SEQUENCE", 20},
               {"VIEW"},
               {"WRITTEN"},
               {"SLOTS"},
               {"USE"}});
  for (const Line& line : lines) table.add(row(survey, line, width));
  return table;
}

/// Names that had to be cut are listed in full below: two may end alike.
std::string cut_names(const Survey& survey, const std::vector<Line>& lines, std::size_t width) {
  std::string out;
  for (const Line& line : lines) {
    const std::string name = name_of(survey, line.store);
    if (columns(name) <= width) continue;
    out += fmt::format("  {} is {}\n", keep_end(name, width), name);
  }
  return out;
}

/// The table; where it is too wide for the screen, the names give way.
std::string table_text(const Survey& survey, const std::vector<Line>& lines) {
  std::size_t width = least_store_width;
  for (const Line& line : lines) width = std::max(width, columns(name_of(survey, line.store)));
  width = std::min(width, screen_columns());
  Table table = table_of(survey, lines, width);
  const std::size_t taken = table.width() + indent.size();
  if (taken > screen_columns()) {
    const std::size_t over = taken - screen_columns();
    width = over + least_store_width < width ? width - over : least_store_width;
    table = table_of(survey, lines, width);
  }
  return table.text(indent) + cut_names(survey, lines, width);
}

std::string remarks_text(const Survey& survey, StoreIndex i) {
  std::string out;
  for (const std::string& text : remarks(survey.stores[i])) {
    out += paragraph("  ", "    ", fmt::format("{}: {}", name_of(survey, i), printable(text)));
  }
  return out;
}

std::string advice_text(const std::vector<Advice>& advice) {
  std::string out;
  for (const Advice& one : advice) {
    out += paragraph("> ", "  ", one.text);
    // One line, however long: it is there to be typed.
    if (!one.argv.empty()) {
      out += fmt::format("    {}\n", coloured(Colour::strong, command_line(one.argv)));
    }
  }
  return out;
}

/// What goes with a table: its title, the table, and what else there is to know of its stores.
std::string group_text(const Survey& survey, std::string_view title,
                       const std::vector<Line>& lines) {
  std::string out = fmt::format("{}\n", coloured(Colour::strong, title));
  out += table_text(survey, lines);
  for (const Line& line : lines) out += remarks_text(survey, line.store);
  return out;
}

std::string unproven_text(const Survey& survey, const Cluster& cluster) {
  std::string out;
  for (const Ranked& ranked : cluster.ranked) {
    if (ranked.unproven.empty()) continue;
    if (out.empty()) out = "  ?: the rank is not proven:\n";
    out += paragraph("     ", "       ",
                     fmt::format("{}: {}", name_of(survey, ranked.store), ranked.unproven));
  }
  return out;
}

std::vector<Line> lines_of(const Cluster& cluster) {
  std::vector<Line> out;
  for (const Ranked& ranked : cluster.ranked) {
    out.push_back(
        {ranked.store, fmt::format("{}{}", ranked.rank, ranked.unproven.empty() ? "" : "?")});
  }
  for (const StoreIndex i : cluster.not_ranked) out.push_back({i});
  return out;
}

std::string cluster_text(const Survey& survey, const Cluster& cluster) {
  const std::vector<Line> lines = lines_of(cluster);
  const std::string title = cluster.initial.is_nil()
                                ? "no cluster yet (no initial UUID)"
                                : fmt::format("cluster {}", to_string(cluster.initial));
  std::string out = group_text(survey, title, lines) + unproven_text(survey, cluster) +
                    advice_text(advise(survey, cluster));
  for (const Line& line : lines) out += advice_text(advise(survey, line.store));
  return out;
}

std::string unreadable_text(const Survey& survey) {
  std::vector<Line> lines;
  for (const StoreIndex i : survey.unreadable) lines.push_back({i});
  std::string out = group_text(survey, "of no known cluster", lines);
  for (const Line& line : lines) out += advice_text(advise(survey, line.store));
  return out;
}

}  // namespace

std::string examine_table(const Survey& survey) {
  std::string out;
  const auto add = [&out](const std::string& text) { out += (out.empty() ? "" : "\n") + text; };
  for (const Cluster& cluster : survey.clusters) add(cluster_text(survey, cluster));
  if (!survey.unreadable.empty()) add(unreadable_text(survey));
  for (const Conflict& conflict : survey.conflicts) {
    add(paragraph(coloured(Colour::bad, "conflict") + " ", "  ", conflict.why));
  }
  return out;
}

}  // namespace storemark::cli
