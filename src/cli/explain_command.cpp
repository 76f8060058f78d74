// SPDX-License-Identifier: Apache-2.0
// storemark explain
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "cli/json.hpp"
#include "cli/nearest.hpp"
#include "cli/options.hpp"
#include "cli/rules.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

struct ExplainOptions {
  std::string id;
  Format format = Format::table;
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// By id in either case, by its number alone, or by name.
const Explanation* find(const std::string& wanted) {
  for (const Explanation& entry : explanations()) {
    const std::string id = lower(std::string(entry.id));
    const std::string word = lower(wanted);
    if (word == id || "sm" + word == id || word == entry.name) return &entry;
  }
  return nullptr;
}

/// Paragraphs are filled to the screen; lines that begin with a blank stand as they are.
std::string page_text(std::string_view page) {
  std::string out;
  while (!page.empty()) {
    const std::size_t end = page.find('\n');
    const std::string_view line = page.substr(0, end);
    out += line.starts_with(' ') ? fmt::format("{}\n", line) : paragraph("", "", line);
    page = end == std::string_view::npos ? std::string_view{} : page.substr(end + 1);
  }
  return out;
}

const RulePage* find_rule(const std::string& wanted) {
  for (const RulePage& rule : rule_pages()) {
    if (lower(wanted) == lower(rule.id)) return &rule;
  }
  return nullptr;
}

ExitStatus tell_rule(const RulePage& rule, Format format) {
  if (format == Format::json) {
    return emit(dump({{"schema", "storemark.explain/1"},
                      {"id", rule.id},
                      {"name", rule.title},
                      {"page", rule.page}}));
  }
  return emit(fmt::format("{} {}\n\n", coloured(Colour::strong, rule.id), rule.title) +
              page_text(rule.page));
}

std::string explanation_text(const Explanation& entry) {
  return fmt::format("{} {}\n", coloured(Colour::strong, entry.id), entry.name) +
         paragraph("", "", entry.summary) + "\n" + page_text(entry.page) +
         fmt::format("\nA command that fails with it exits {}.\n",
                     static_cast<int>(exit_status(entry.code)));
}

Json explanation_json(const Explanation& entry) {
  return {{"schema", "storemark.explain/1"},
          {"id", entry.id},
          {"name", entry.name},
          {"exit", static_cast<int>(exit_status(entry.code))},
          {"summary", entry.summary},
          {"page", entry.page}};
}

ExitStatus report_unknown(const std::string& wanted) {
  std::vector<std::string> known;
  for (const Explanation& entry : explanations()) {
    known.emplace_back(entry.id);
    known.emplace_back(entry.name);
  }
  const std::string near = nearest(lower(wanted), known);
  return report_usage("storemark explain", fmt::format("no page is called \"{}\"", wanted),
                      near.empty() ? "storemark explain --help lists them"
                                   : fmt::format("did you mean \"storemark explain {}\"?", near));
}

ExitStatus run_explain(const ExplainOptions& options) {
  if (const RulePage* rule = find_rule(options.id)) return tell_rule(*rule, options.format);
  const Explanation* entry = find(options.id);
  if (entry == nullptr) return report_unknown(options.id);
  return emit(options.format == Format::json ? dump(explanation_json(*entry))
                                             : explanation_text(*entry));
}

std::string list_of_pages() {
  std::string out = "Pages:\n";
  for (const Explanation& entry : explanations()) {
    out += paragraph(fmt::format("  {:<6}{:<22}", entry.id, entry.name), fmt::format("{:28}", ""),
                     entry.summary);
  }
  out += "The rules of a restart, as storemark plan names them:\n";
  for (const RulePage& rule : rule_pages()) out += fmt::format("  {:<6}{}\n", rule.id, rule.title);
  return out;
}

}  // namespace

void add_explain(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App& command =
      add_command(app, chosen, "explain", "the page behind an id, such as SM203 or R10",
                  list_of_pages(), [options] { return run_explain(*options); });
  add_text(command, {"ID", "", "an id, its number, or its name", Needed::yes}, options->id);
  add_format(command, options->format);
}

}  // namespace storemark::cli
