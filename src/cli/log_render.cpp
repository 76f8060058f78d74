// SPDX-License-Identifier: Apache-2.0
#include "cli/log_render.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/lane_graph.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

constexpr std::size_t clock_columns = 20;  // an RFC 3339 time without fractions
constexpr std::size_t least_room = 40;     // for the text, however many lanes there are

std::vector<std::string> names_of(const std::vector<Store>& stores,
                                  const std::vector<StoreIndex>& chosen) {
  std::vector<std::string> out;
  out.reserve(chosen.size());
  for (const StoreIndex i : chosen) out.push_back(stores[i].name);
  return out;
}

Colour colour_of(MomentKind kind) {
  switch (kind) {
    case MomentKind::view:
    case MomentKind::here:
      return Colour::strong;
    case MomentKind::fork:
      return Colour::bad;
    case MomentKind::word:
      return Colour::care;
    case MomentKind::record:
      break;
  }
  return Colour::none;
}

struct Widths {
  std::size_t sequence = std::string_view("SEQUENCE").size();
  std::size_t drawing = 0;
};

const Fork* fork_of(const Timeline& line, const Moment& moment) {
  const ViewId& view = line.tree.nodes[moment.node].view;
  const auto at = std::find_if(
      line.tree.forks.begin(), line.tree.forks.end(),
      [&](const Fork& fork) { return fork.view == view && fork.sequence == moment.sequence; });
  return moment.kind == MomentKind::fork && at != line.tree.forks.end() ? &*at : nullptr;
}

/// The text of a row. A split that does not fit one line has a line for each side.
std::vector<std::string> lines_of(const std::vector<Store>& stores, const Timeline& line,
                                  const Moment& moment, std::size_t room) {
  const std::string text = moment_text(stores, line, moment);
  const Fork* fork = fork_of(line, moment);
  if (fork == nullptr || columns(text) <= room) return wrapped(text, room, LongWord::keep);
  std::vector<std::string> out = wrapped(fork_text(*fork) + ":", room, LongWord::keep);
  for (const auto& side : fork->sides) {
    std::string_view before = "- ";
    for (const std::string& names :
         wrapped(printable(listed(names_of(stores, side))), room - 2, LongWord::keep)) {
      out.push_back(std::string(before) + names);
      before = "  ";
    }
  }
  return out;
}

std::string row_text(const std::vector<Store>& stores, const Timeline& line, const LaneGraph& graph,
                     std::size_t row, const Widths& widths) {
  const Moment& moment = line.moments[row];
  const std::size_t taken = widths.sequence + clock_columns + widths.drawing + 7;  // blanks
  const std::size_t screen = screen_columns();
  const std::size_t room = taken + least_room < screen ? screen - taken : least_room;
  std::string out;
  for (const std::string& text : lines_of(stores, line, moment, room)) {
    const bool first = out.empty();
    out +=
        fmt::format("  {:>{}}  {:<{}}  {:<{}} {}\n", first ? range_text(moment) : "",
                    widths.sequence, first ? keep_end(printable(moment.clock), clock_columns) : "",
                    clock_columns, first ? row_drawing(graph, row) : row_drawing_below(graph, row),
                    widths.drawing, coloured(colour_of(moment.kind), text));
  }
  return out;
}

Json view_json(const std::vector<Store>& stores, const Timeline& line, const ViewNode& node) {
  return {{"view", id_to_json(node.view)},
          {"cluster", id_to_json(node.cluster)},
          {"parent", node.parent ? id_to_json(line.tree.nodes[*node.parent].view) : Json()},
          {"from", node.from},
          {"members", node.members},
          {"labels", node.labels},
          {"stores", names_of(stores, node.stores)}};
}

Json fork_json(const std::vector<Store>& stores, const Fork& fork) {
  Json sides = Json::array();
  for (const auto& side : fork.sides) sides.push_back(names_of(stores, side));
  return {{"view", id_to_json(fork.view)}, {"sequence", fork.sequence}, {"sides", sides}};
}

Json moment_json(const std::vector<Store>& stores, const Timeline& line, const Moment& moment) {
  return {{"kind", to_string(moment.kind)},
          {"view", id_to_json(line.tree.nodes[moment.node].view)},
          {"stores", names_of(stores, moment.stores)},
          {"sequence", moment.sequence},
          {"ceiling", moment.ceiling},
          {"generation", moment.generation},
          {"clock", moment.clock == "-" ? Json() : Json(moment.clock)},
          {"text", moment.text}};
}

}  // namespace

std::string cluster_title(const InitialUuid& cluster) {
  return cluster.is_nil() ? std::string("no cluster yet (no initial UUID)")
                          : fmt::format("cluster {}", to_string(cluster));
}

std::string range_text(const Moment& moment) {
  if (moment.ceiling <= moment.sequence) return std::to_string(moment.sequence);
  return fmt::format("{} to {}", moment.sequence, moment.ceiling);
}

std::string moment_text(const std::vector<Store>& stores, const Timeline& line,
                        const Moment& moment) {
  const std::string whose = printable(listed(names_of(stores, moment.stores)));
  std::string text = printable(moment.text);
  if (moment.kind == MomentKind::fork) return text;
  if (moment.kind != MomentKind::view) return fmt::format("{}: {}", whose, text);
  const bool nameless = line.tree.nodes[moment.node].view.is_nil();
  return nameless ? fmt::format("{} {}", whose, text) : fmt::format("{} (in {})", text, whose);
}

std::string log_text(const std::vector<Store>& stores, const Timeline& line) {
  const LaneGraph graph = lane_graph(line);
  Widths widths;
  widths.drawing = graph.columns * 2;
  for (const Moment& moment : line.moments) {
    widths.sequence = std::max(widths.sequence, range_text(moment).size());
  }
  std::string out;
  const InitialUuid* cluster = nullptr;
  for (std::size_t row = 0; row < line.moments.size(); ++row) {
    const InitialUuid& its = line.tree.nodes[line.moments[row].node].cluster;
    if (cluster == nullptr || *cluster != its) {
      out += fmt::format("{}{}\n  {:>{}}  {:<{}}\n", out.empty() ? "" : "\n",
                         coloured(Colour::strong, cluster_title(its)), "SEQUENCE", widths.sequence,
                         "CLOCK (advice)", clock_columns);
    }
    cluster = &its;
    out += row_text(stores, line, graph, row, widths);
  }
  for (const std::string& text : line.remarks) out += paragraph("  ", "    ", text);
  return out;
}

Json log_json(const std::vector<Store>& stores, const Timeline& line, ExitStatus status) {
  Json out = Json::object();
  out["schema"] = "storemark.log/1";
  out["time"] = rfc3339_now();
  out["exit"] = static_cast<int>(status);
  out["stores"] = Json::array();
  for (const Store& store : stores) {
    out["stores"].push_back({{"name", store.name}, {"state", state_name(store)}});
  }
  out["views"] = Json::array();
  for (const ViewNode& node : line.tree.nodes)
    out["views"].push_back(view_json(stores, line, node));
  out["forks"] = Json::array();
  for (const Fork& fork : line.tree.forks) out["forks"].push_back(fork_json(stores, fork));
  out["moments"] = Json::array();
  for (const Moment& moment : line.moments) {
    out["moments"].push_back(moment_json(stores, line, moment));
  }
  out["remarks"] = line.remarks;
  return out;
}

}  // namespace storemark::cli
