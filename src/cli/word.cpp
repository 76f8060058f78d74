// SPDX-License-Identifier: Apache-2.0
#include "cli/word.hpp"

#include <fmt/format.h>

#include <optional>

#include "cli/json.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

std::string field(std::string_view label, std::string_view text) {
  return paragraph(fmt::format("  {:<10}", label), "            ", text);
}

std::string sequence_of(const Record& record) {
  if (record.mark_raised > record.mark_held) {
    return fmt::format("{}: it held {}, raised above the stores it was compared with",
                       record.mark_raised, record.mark_held);
  }
  if (record.floor == record.ceiling) return std::to_string(record.floor);
  return fmt::format("{} to {}", record.floor, record.ceiling);
}

std::string state_of(const Record& record) {
  std::string out(to_string(record.state));
  if (record.marked) out += ", marked by an operator";
  if (record.discard) out += ", given up: it can only take an update";
  if (record.adopted) out += ", adopted";
  return out;
}

std::string record_text(const Record& record) {
  std::string out = field("state", state_of(record)) + field("sequence", sequence_of(record));
  if (!record.initial.is_nil()) out += field("initial", to_string(record.initial));
  if (!record.final.is_nil()) out += field("final", to_string(record.final));
  return out;
}

std::string given_text(const std::string& word, const std::string& directory,
                       const WordGiven& given, const std::optional<Record>& now) {
  std::string out = fmt::format("{}: {}\n", coloured(Colour::strong, printable(directory)),
                                coloured(Colour::good, word + " done"));
  out += now ? record_text(*now) : field("state", "no journal that can be read, as before");
  if (!given.backup.empty()) out += field("backup", printable(given.backup.string()));
  if (word != "undo") {
    out += field("undo", command_line({"storemark", "undo", directory}) +
                             "   (until its broker next activates)");
  }
  return out;
}

Json given_json(const std::string& word, const std::string& directory, const WordGiven& given,
                const std::optional<Record>& now) {
  Json out = Json::object();
  out["schema"] = "storemark.word/1";
  out["time"] = rfc3339_now();
  out["word"] = word;
  out["directory"] = directory;
  out["record"] = now ? to_json(*now) : Json();
  out["backup"] = given.backup.empty() ? Json() : Json(given.backup.string());
  out["undo"] = word == "undo" ? Json() : Json({"storemark", "undo", directory});
  return out;
}

/// An adoption that was taken back leaves what was there before: no journal, or a damaged one.
std::optional<Record> record_now(const std::string& word, const std::string& directory,
                                 const WordGiven& given) {
  if (word != "undo") return given.record;
  const auto seen = examine(directory);
  return seen ? seen->verdict.record : given.record;
}

}  // namespace

ExitStatus tell(const std::string& word, const std::string& directory,
                const Result<WordGiven>& given, Format format) {
  if (!given) return report(given.error());
  const std::optional<Record> now = record_now(word, directory, *given);
  return emit(format == Format::json ? dump(given_json(word, directory, *given, now))
                                     : given_text(word, directory, *given, now));
}

}  // namespace storemark::cli
