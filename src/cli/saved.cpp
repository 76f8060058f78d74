// SPDX-License-Identifier: Apache-2.0
#include "cli/saved.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "cli/bounded_json.hpp"
#include "cli/evidence.hpp"
#include "cli/json.hpp"
#include "cli/record_bounds.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

// Everything here throws std::exception at what it cannot read; parse_saved() catches it.

constexpr std::uintmax_t most_saved_bytes = 64 * 1024 * 1024;

template <class Enum, std::size_t n>
Enum enum_from(const std::string& text, const std::array<Enum, n>& all) {
  for (const Enum value : all) {
    if (to_string(value) == text) return value;
  }
  throw std::invalid_argument(fmt::format("\"{}\" is not known here", text));
}

constexpr std::array states{StoreState::none, StoreState::empty, StoreState::updating,
                            StoreState::dirty, StoreState::clean};
constexpr std::array diagnoses{Diagnosis::none,   Diagnosis::absent,  Diagnosis::lost,
                               Diagnosis::hollow, Diagnosis::damaged, Diagnosis::future,
                               Diagnosis::foreign};
constexpr std::array certainties{Certainty::exact, Certainty::between, Certainty::at_least};
constexpr std::array healths{SlotHealth::current, SlotHealth::older,     SlotHealth::zero,
                             SlotHealth::invalid, SlotHealth::malformed, SlotHealth::misplaced,
                             SlotHealth::foreign, SlotHealth::future,    SlotHealth::unreadable};

template <class IdType>
IdType id_from(const Json& json) {
  if (json.is_null()) return IdType{};
  const auto uuid = parse_uuid(json.get<std::string>());
  if (!uuid) throw std::invalid_argument(uuid.error().why);
  return IdType{*uuid};
}

std::vector<std::uint8_t> bytes_from(const Json& json) {
  std::vector<std::uint8_t> out;
  if (json.is_null()) return out;
  const std::string text = json.get<std::string>();
  if (text.size() % 2 != 0) throw std::invalid_argument("half a byte");
  for (std::size_t i = 0; i < text.size(); i += 2) {
    std::size_t used = 0;
    out.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), &used, 16)));
    if (used != 2) throw std::invalid_argument("no hexadecimal digit");
  }
  return out;
}

BodyHash hash_from(const Json& json) {
  const std::vector<std::uint8_t> bytes = bytes_from(json);
  BodyHash out;
  if (bytes.size() != out.bytes.size()) throw std::invalid_argument("a hash has 16 bytes");
  std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
  return out;
}

View view_from(const Json& json) {
  View out{id_from<ViewId>(json.at("id")), {}};
  if (!json.at("members").is_array()) throw std::invalid_argument("members that are no list");
  for (const Json& member : json.at("members")) {
    out.members.push_back({id_from<MemberId>(member.at("id")), member.at("label"),
                           whole_number(member.at("sequence"), max_sequence)});
  }
  return out;
}

void read_identity(const Json& json, Record& record) {
  record.journal = id_from<JournalId>(json.at("journal"));
  record.member = id_from<MemberId>(json.at("member"));
  record.generation = whole_number(json.at("generation"));
  record.parent = hash_from(json.at("parent"));
  record.incarnation = id_from<Incarnation>(json.at("incarnation"));
  record.initial = id_from<InitialUuid>(json.at("initial"));
  record.final = id_from<FinalUuid>(json.at("final"));
}

void read_state(const Json& json, Record& record) {
  record.state = enum_from(json.at("state").get<std::string>(), states);
  record.sole = json.at("sole");
  record.marked = json.at("marked");
  record.discard = json.at("discard");
  record.adopted = json.at("adopted");
  record.unproven = json.at("unproven");
  record.floor = whole_number(json.at("floor"), max_sequence);
  record.ceiling = whole_number(json.at("ceiling"), max_sequence);
  if (!json.at("tag").is_null()) record.tag = StoreTag{bytes_from(json.at("tag"))};
  record.donor = id_from<MemberId>(json.at("donor"));
  record.target = whole_number(json.at("target"), max_sequence);
  record.mark_held = whole_number(json.at("mark_held"), max_sequence);
  record.mark_raised = whole_number(json.at("mark_raised"), max_sequence);
  if (!json.at("wall_clock").is_number_integer())
    throw std::invalid_argument("a time is no number");
  record.wall_clock = json.at("wall_clock");
}

void read_past(const Json& json, Record& record) {
  record.view = view_from(json.at("view"));
  record.folded = static_cast<std::uint32_t>(whole_number(json.at("folded"), UINT32_MAX));
  record.history_digest = hash_from(json.at("history_digest"));
  for (const Json& entry : json.at("history")) {
    record.history.push_back(
        {id_from<ViewId>(entry.at("view")), whole_number(entry.at("from"), max_sequence),
         static_cast<std::uint16_t>(whole_number(entry.at("members"), UINT16_MAX))});
  }
  for (const Json& compared : json.at("compared")) {
    record.compared.push_back({id_from<MemberId>(compared.at("id")),
                               id_from<ViewId>(compared.at("view")),
                               whole_number(compared.at("sequence"), max_sequence)});
  }
  record.reason = json.at("reason");
  record.payload = bytes_from(json.at("payload"));
}

std::optional<Record> record_from(const Json& json) {
  if (json.is_null()) return std::nullopt;
  Record record;
  read_identity(json, record);
  read_state(json, record);
  read_past(json, record);
  if (const std::string broken = broken_bound(record); !broken.empty()) {
    throw std::invalid_argument(broken);
  }
  return record;
}

Verdict verdict_from(const Json& json) {
  Verdict out;
  out.record = record_from(json.at("record"));
  out.diagnosis = enum_from(json.at("diagnosis").get<std::string>(), diagnoses);
  if (out.diagnosis == Diagnosis::none) {
    if (!out.record) throw std::invalid_argument("a state without a record");
    out.state = enum_from(json.at("state").get<std::string>(), states);
  }
  if (out.record) {
    out.floor = whole_number(json.at("sequence"), max_sequence);
    out.ceiling = whole_number(json.at("ceiling"), max_sequence);
    if (out.ceiling < out.floor) throw std::invalid_argument("a ceiling is below its sequence");
    out.certainty = enum_from(json.at("certainty").get<std::string>(), certainties);
  }
  out.faults_to_be_wrong =
      static_cast<unsigned>(whole_number(json.at("faults_to_be_wrong"), UINT32_MAX));
  out.clean_by_tag = json.at("clean_by_tag");
  out.clean_if_tag_matches = json.at("clean_if_tag_matches");
  out.unsettled = json.at("unsettled");
  out.why = json.at("why").get<std::vector<std::string>>();
  return out;
}

template <class Reports>
void read_reports(const Json& json, Reports& reports) {
  if (!json.is_array() || json.size() != reports.size()) {
    throw std::invalid_argument("a journal has six slots and three anchors");
  }
  for (std::size_t i = 0; i < reports.size(); ++i) {
    SlotReport& report = reports[i];
    report.health = enum_from(json[i].at("health").get<std::string>(), healths);
    report.why = json[i].at("why");
    report.record = record_from(json[i].at("record"));
    if (!json[i].at("hash").is_null()) report.hash = hash_from(json[i].at("hash"));
  }
}

Examination examination_from(const Json& json) {
  Examination out;
  out.directory = json.at("directory").get<std::string>();
  out.in_use = json.at("in_use");
  out.busy = json.at("busy");
  out.file_bytes = whole_number(json.at("file_bytes"));
  out.verdict = verdict_from(json);
  read_reports(json.at("slots"), out.slots);
  read_reports(json.at("anchors"), out.anchors);
  return out;
}

Error error_from(const Json& json) {
  Errc code = Errc::io_failed;
  for (const Explanation& known : explanations()) {
    if (known.id == json.at("id").get<std::string>()) code = known.code;
  }
  return {code,           json.at("what"), json.at("where"),
          json.at("why"), json.at("todo"), json.at("errno")};
}

Store store_from(const Json& json, const std::string& taken_at) {
  Store out;
  out.name = json.at("name");
  out.directory = json.at("directory");
  if (!json.at("host").is_null()) out.host = json.at("host");
  // Both are printed in commands that a person types.
  if (out.host.starts_with('-') || out.directory.starts_with('-')) {
    throw std::invalid_argument("a host or a directory that is a flag");
  }
  out.saved_at = json.at("saved_at").is_null() ? taken_at : json.at("saved_at").get<std::string>();
  out.others = whole_number(json.at("other_entries"));
  const auto evidence = json.find("evidence");
  if (evidence != json.end() && evidence->is_object()) {
    out.audit = audit_in(*evidence);
    out.evidence = evidence->dump();
  }
  if (json.at("error").is_null()) {
    out.seen = examination_from(json);
  } else {
    out.seen = tl::unexpected<Error>(error_from(json.at("error")));
  }
  return out;
}

tl::unexpected<Error> not_saved(const std::string& where, std::string why) {
  return tl::unexpected<Error>({Errc::invalid_argument, "no store was read", where, std::move(why),
                                "name a data directory, HOST:DIR, or a file that "
                                "\"storemark examine STORE... -o json\" printed",
                                0});
}

}  // namespace

Result<std::vector<Store>> parse_saved(std::string_view text, const std::string& where) {
  try {
    const Json json = parse_bounded(text);
    const std::string schema = json.at("schema");
    if (schema != examine_schema && schema != collect_schema) {
      return not_saved(where, fmt::format("its schema is \"{}\", not \"{}\" or \"{}\"", schema,
                                          examine_schema, collect_schema));
    }
    std::vector<Store> out;
    if (!json.at("stores").is_array()) return not_saved(where, "its stores are no list");
    if (json.at("stores").size() > most_saved_stores) {
      return not_saved(where, fmt::format("it has more than {} stores", most_saved_stores));
    }
    for (const Json& store : json.at("stores")) {
      out.push_back(store_from(store, json.at("time").get<std::string>()));
    }
    return out;
  } catch (const std::exception& problem) {
    return not_saved(where, fmt::format("it is not a saved answer: {}", problem.what()));
  }
}

Result<std::vector<Store>> read_saved(const std::string& path) {
  std::error_code error;
  if (std::filesystem::file_size(path, error) > most_saved_bytes || error) {
    return not_saved(path, error ? error.message() : "it is too large for a saved answer");
  }
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    return tl::unexpected<Error>({Errc::io_failed, "the file was not read", path,
                                  "it cannot be opened", "see who may read it", 0});
  }
  auto stores = parse_saved(text, path);
  if (!stores) return stores;
  for (Store& store : *stores) {
    store.file = store.address = path;
    store.name = stores->size() == 1 ? path : fmt::format("{}:{}", path, store.name);
  }
  return stores;
}

}  // namespace storemark::cli
