// SPDX-License-Identifier: Apache-2.0
#include "cli/verify_render.hpp"

#include <fmt/format.h>

#include "cli/table.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

std::string line(std::string_view label, const Cell& mark, std::string_view text) {
  // Colour codes take no column, so the marks are padded before they are coloured.
  const std::string padded = coloured(mark.colour, fmt::format("{:<4}", mark.text));
  const std::string plain_indent = fmt::format("  {:<9} {:<4} ", label, "");
  std::string out;
  for (const std::string& part :
       wrapped(text, screen_columns() - plain_indent.size(), LongWord::keep)) {
    out += out.empty() ? fmt::format("  {:<9} {} {}\n", label, padded, part)
                       : fmt::format("{:{}}{}\n", "", plain_indent.size(), part);
  }
  return out;
}

std::string verdict_word(const Verification& verification) {
  switch (verification.status) {
    case ExitStatus::safe:
      return "sound";
    case ExitStatus::damaged:
      return "damaged";
    default:
      return "needs an operator";
  }
}

Colour verdict_colour(const Verification& verification) {
  switch (verification.status) {
    case ExitStatus::safe:
      return Colour::good;
    case ExitStatus::damaged:
      return Colour::bad;
    default:
      return Colour::care;
  }
}

std::string repaired_text(const Repair& repair) {
  if (!repair.rebuilt) return line("repaired", {}, "nothing was to be done");
  std::string out = line("repaired", {"ok", Colour::good},
                         fmt::format("rebuilt: {}, sequence {}", to_string(repair.after.state),
                                     sequence_text(repair.after)));
  return out + line("backup", {}, printable(repair.backup.string()));
}

Json verdict_json(const Verdict& verdict) {
  const bool known = verdict.diagnosis == Diagnosis::none;
  return {{"state", known ? to_string(verdict.state) : to_string(verdict.diagnosis)},
          {"sequence", verdict.floor},
          {"ceiling", verdict.ceiling},
          {"certainty", to_string(verdict.certainty)}};
}

Json repaired_json(const Repaired& repaired) {
  if (!repaired) return {};
  if (!*repaired) return {{"rebuilt", false}, {"error", to_json(repaired->error())}};
  const Repair& repair = **repaired;
  return {{"rebuilt", repair.rebuilt},
          {"backup", repair.backup.empty() ? Json() : Json(repair.backup.string())},
          {"before", verdict_json(repair.before)},
          {"after", verdict_json(repair.after)},
          {"error", Json()}};
}

}  // namespace

std::string verify_text(const Verification& verification, const Repaired& repaired) {
  const bool rebuilt = repaired && *repaired && (*repaired)->rebuilt;
  std::string out =
      fmt::format("{}: {}{}\n", coloured(Colour::strong, printable(verification.store.name)),
                  coloured(verdict_colour(verification), verdict_word(verification)),
                  rebuilt ? ", now repaired; it was found like this:" : "");
  if (!verification.store.seen || verification.checks.empty()) {
    out += line("state", {"-"}, state_word(verification.store));
  }
  for (const Check& check : verification.checks) {
    const Cell mark = check.good ? Cell{"ok", Colour::good} : Cell{"BAD", Colour::bad};
    out += line(check.name, mark, printable(check.text));
  }
  for (const std::string& text : remarks(verification.store)) {
    out += line("note", {}, printable(text));
  }
  if (!repaired) return out + line("--repair", {}, "would " + verification.repair);
  if (*repaired) return out + repaired_text(**repaired);
  return out + line("repaired", {"BAD", Colour::bad}, "no: " + printable(repaired->error().why));
}

Json verify_json(const Verification& verification, const Repaired& repaired) {
  Json out = Json::object();
  out["name"] = verification.store.name;
  out["directory"] = verification.store.directory;
  out["host"] = verification.store.host.empty() ? Json() : Json(verification.store.host);
  out["exit"] = static_cast<int>(verification.status);
  out["state"] = state_name(verification.store);
  out["checks"] = Json::array();
  for (const Check& check : verification.checks) {
    out["checks"].push_back({{"check", check.name}, {"good", check.good}, {"text", check.text}});
  }
  out["remarks"] = remarks(verification.store);
  out["repair_would"] = verification.repair;
  out["repaired"] = repaired_json(repaired);
  out["error"] = verification.store.seen ? Json() : to_json(verification.store.seen.error());
  return out;
}

}  // namespace storemark::cli
