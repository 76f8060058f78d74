// SPDX-License-Identifier: Apache-2.0
#include "cli/log_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/lane_graph.hpp"
#include "cli/log_render.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

// Pixels.
constexpr double row_height = 22;
constexpr double top = 52;
constexpr double heading_height = 34;  // above the rows of a cluster
constexpr double lane_width = 18;
constexpr double letter_width = 7.3;  // of the widest common monospaced font at 12 px
constexpr double margin = 16;

constexpr std::size_t clock_letters = 20;  // an RFC 3339 time without fractions
constexpr std::size_t most_letters = 160;  // of a text; the rest is in the tooltip

/// Colours for both backgrounds; a viewer that knows no media query shows the light one.
constexpr std::string_view style =
    "<style>\n"
    "  .page{fill:#ffffff} text{font:12px ui-monospace,monospace;fill:#1f2328}\n"
    "  .quiet{fill:#656d76} .number{text-anchor:end} .title{font-weight:bold;font-size:14px} "
    ".fork{fill:#b3261e}\n"
    "  .word{fill:#8a5a00} .here,.view{font-weight:bold}\n"
    "  .lane{fill:none;stroke:#0b6bcb;stroke-width:2} .dot{fill:#0b6bcb;stroke:#ffffff}\n"
    "  .dot.fork{fill:#b3261e} .dot.word{fill:#c98a1b} .dot.view{fill:#ffffff;stroke:#0b6bcb}\n"
    "  @media (prefers-color-scheme:dark){\n"
    "    .page{fill:#0d1117} text{fill:#e6edf3} .quiet{fill:#9198a1} text.fork{fill:#ff8a80}\n"
    "    text.word{fill:#e3b341} .lane{stroke:#4ea1ff} .dot{fill:#4ea1ff;stroke:#0d1117}\n"
    "    .dot.fork{fill:#ff8a80} .dot.word{fill:#e3b341} .dot.view{fill:#0d1117;stroke:#4ea1ff}\n"
    "  }\n"
    "</style>\n";

constexpr std::string_view foot =
    "Down the page by view and sequence, not to scale; the clock is advice and orders nothing.";

struct Layout {
  std::vector<double> rows;  ///< of each moment, from the top
  double rows_end = 0;
  double sequence_end = 0;  ///< numbers stand at the right of their column
  double clock_at = 0;
  double lanes_at = 0;
  double text_at = 0;
  double width = 0;
  double height = 0;
};

double x_of(const Layout& layout, std::size_t column) {
  return layout.lanes_at + lane_width * static_cast<double>(column);
}

/// At most most_letters columns; "..." says that there is more.
std::string shortened(const std::string& text) {
  if (columns(text) <= most_letters) return text;
  std::string out;
  std::size_t seen = 0;
  for (const char c : text) {
    const bool starts = (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
    if (starts && ++seen > most_letters - 3) break;
    out += c;
  }
  return out + "...";
}

/// When the host believed that it was; empty where nobody noted it.
std::string clock_text(const Moment& moment) {
  return moment.clock == "-" ? std::string() : keep_end(printable(moment.clock), clock_letters);
}

double width_of(std::size_t letters) { return letter_width * static_cast<double>(letters); }

const InitialUuid& cluster_of(const Timeline& line, std::size_t row) {
  return line.tree.nodes[line.moments[row].node].cluster;
}

bool begins_cluster(const Timeline& line, std::size_t row) {
  return row == 0 || cluster_of(line, row) != cluster_of(line, row - 1);
}

void place_rows(const Timeline& line, Layout& out) {
  double y = top - row_height;
  for (std::size_t row = 0; row < line.moments.size(); ++row) {
    y += row_height + (begins_cluster(line, row) ? heading_height : 0);
    out.rows.push_back(y);
  }
  out.rows_end = y;
}

Layout layout_of(const std::vector<Store>& stores, const Timeline& line, const LaneGraph& graph) {
  std::size_t sequence = 8;
  std::size_t clock = 0;
  std::size_t text = 60;
  for (const Moment& moment : line.moments) {
    sequence = std::max(sequence, range_text(moment).size());
    clock = std::max(clock, columns(clock_text(moment)));
    text = std::max(text, columns(shortened(moment_text(stores, line, moment))));
  }
  Layout out;
  place_rows(line, out);
  out.sequence_end = margin + width_of(sequence);
  out.clock_at = out.sequence_end + margin;
  out.lanes_at = out.clock_at + width_of(clock) + margin;
  out.text_at = x_of(out, graph.columns) + 4;
  out.width = out.text_at + width_of(text) + margin;
  for (const std::string& remark : line.remarks) {
    out.width = std::max(out.width, 2 * margin + width_of(columns(shortened(remark))));
  }
  out.width = std::max(out.width, 2 * margin + width_of(foot.size()));
  const auto below = static_cast<double>(line.remarks.size() + 1);
  out.height = out.rows_end + row_height * below + 2 * margin;
  return out;
}

/// Every lane as one stroke, with the curve by which it leaves another.
std::string lanes_svg(const LaneGraph& graph, const Layout& layout) {
  std::string out;
  for (const Lane& lane : graph.lanes) {
    if (lane.first > lane.last) continue;
    const double x = x_of(layout, lane.column);
    const double first = layout.rows[lane.first];
    std::string path = fmt::format("M{:.0f} {:.0f}", x, first);
    if (lane.from) {
      const double left = x_of(layout, graph.lanes[*lane.from].column);
      const double above = first - row_height;
      path = fmt::format("M{:.0f} {:.0f}C{:.0f} {:.0f} {:.0f} {:.0f} {:.0f} {:.0f}", left, above,
                         left, first, x, above, x, first);
    }
    path += fmt::format("V{:.0f}", layout.rows[lane.last]);
    out += fmt::format("<path class=\"lane\" d=\"{}\"/>\n", path);
  }
  return out;
}

std::string text_svg(std::string_view name, double x, double y, std::string_view content) {
  return fmt::format("<text class=\"{}\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text>", name, x, y,
                     xml_text(content));
}

std::string row_svg(const std::vector<Store>& stores, const Timeline& line, const Layout& layout,
                    std::size_t row, double x) {
  const Moment& moment = line.moments[row];
  const std::string full = moment_text(stores, line, moment);
  const double y = layout.rows[row];
  std::string out = fmt::format("<g><title>{}</title>", xml_text(full));
  out += fmt::format("<circle class=\"dot {0}\" cx=\"{1:.0f}\" cy=\"{2:.0f}\" r=\"5\"/>",
                     to_string(moment.kind), x, y);
  out += text_svg("quiet number", layout.sequence_end, y + 4, range_text(moment));
  out += text_svg("quiet", layout.clock_at, y + 4, clock_text(moment));
  out += text_svg(to_string(moment.kind), layout.text_at, y + 4, shortened(full));
  return out + "</g>\n";
}

/// Which cluster the rows below are of, and what stands in front of them.
std::string heading_svg(const Timeline& line, const Layout& layout, std::size_t row) {
  const double y = layout.rows[row] - row_height;
  return text_svg("quiet number", layout.sequence_end, y + 4, "sequence") +
         text_svg("quiet", layout.clock_at, y + 4, "clock") +
         text_svg("here", layout.text_at, y + 4, cluster_title(cluster_of(line, row))) + "\n";
}

std::string head_svg(const std::vector<Store>& stores, const Layout& layout) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
      "viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\">\n"
      "<title>storemark log of {2}</title>\n{3}"
      "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n"
      "<text class=\"title\" x=\"{4:.0f}\" y=\"26\">storemark log: {2}</text>\n",
      layout.width, layout.height, counted(stores.size(), "store"), style, margin);
}

}  // namespace

std::string xml_text(std::string_view printable_text) {
  std::string out;
  for (std::size_t i = 0; i < printable_text.size(); ++i) {
    const char c = printable_text[i];
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\'') {
      out += "&#39;";
    } else if (printable_text.substr(i, 2) == "\xef\xbf" && i + 2 < printable_text.size() &&
               static_cast<unsigned char>(printable_text[i + 2]) >= 0xBE) {
      out += '?';  // U+FFFE and U+FFFF are no characters of XML
      i += 2;
    } else {
      out += c;
    }
  }
  return out;
}

std::string log_svg(const std::vector<Store>& stores, const Timeline& line) {
  const LaneGraph graph = lane_graph(line);
  const Layout layout = layout_of(stores, line, graph);
  std::string out = head_svg(stores, layout) + lanes_svg(graph, layout);
  for (std::size_t row = 0; row < line.moments.size(); ++row) {
    const double x = x_of(layout, graph.lanes[graph.rows[row]].column);
    if (begins_cluster(line, row)) out += heading_svg(line, layout, row);
    out += row_svg(stores, line, layout, row, x);
  }
  double y = layout.rows_end + margin;
  const auto add = [&](std::string_view text) {
    y += row_height;
    out += text_svg("quiet", margin, y, shortened(std::string(text))) + "\n";
  };
  for (const std::string& remark : line.remarks) add(remark);
  add(foot);
  return out + "</svg>\n";
}

}  // namespace storemark::cli
