// SPDX-License-Identifier: Apache-2.0
#include "cli/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include "cli/bounded_json.hpp"

namespace storemark::cli {
namespace {

using Json = nlohmann::ordered_json;

// Everything here throws std::exception at what it cannot read; parse_scenario() catches it.

constexpr std::uintmax_t most_scenario_bytes = 8 * 1024 * 1024;

[[noreturn]] void refuse(const std::string& why) { throw std::invalid_argument(why); }

void check_fields(const Json& json, const std::set<std::string>& known, const std::string& of) {
  if (!json.is_object()) refuse(fmt::format("{} is not an object", of));
  for (const auto& [name, value] : json.items()) {
    if (!known.contains(name)) refuse(fmt::format("{} has no field \"{}\"", of, name));
  }
}

const Json* field(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found == json.end() || found->is_null() ? nullptr : &*found;
}

std::string text_of(const Json& json, const char* name, const std::string& otherwise) {
  const Json* value = field(json, name);
  if (value == nullptr) return otherwise;
  if (!value->is_string()) refuse(fmt::format("\"{}\" is not a text", name));
  return value->get<std::string>();
}

std::uint64_t number_of(const Json& json, const char* name, std::uint64_t otherwise,
                        std::uint64_t most = max_sequence) {
  const Json* value = field(json, name);
  if (value == nullptr) return otherwise;
  if (!value->is_number_unsigned() || value->get<std::uint64_t>() > most) {
    refuse(fmt::format("\"{}\" is not a whole number up to {}", name, most));
  }
  return value->get<std::uint64_t>();
}

bool flag_of(const Json& json, const char* name) {
  const Json* value = field(json, name);
  if (value == nullptr) return false;
  if (!value->is_boolean()) refuse(fmt::format("\"{}\" is neither true nor false", name));
  return value->get<bool>();
}

template <class IdType>
IdType id_of(const Json& json, const char* name, const std::string& otherwise = "") {
  const std::string word = text_of(json, name, otherwise);
  return word.empty() ? IdType{} : IdType{uuid_of(word)};
}

/// One of several words.
template <class Enum>
Enum word_of(const Json& json, const char* name, std::initializer_list<Enum> all, Enum otherwise) {
  const std::string word = text_of(json, name, std::string(to_string(otherwise)));
  for (const Enum value : all) {
    if (to_string(value) == word) return value;
  }
  refuse(fmt::format("\"{}\" cannot be \"{}\"", name, word));
}

const Json& list_of(const Json& json, const char* name, std::size_t most) {
  static const Json none = Json::array();
  const Json* value = field(json, name);
  if (value == nullptr) return none;
  if (!value->is_array()) refuse(fmt::format("\"{}\" is not a list", name));
  if (value->size() > most) refuse(fmt::format("\"{}\" has more than {} entries", name, most));
  return *value;
}

void read_state(const Json& json, Announcement& out) {
  const std::string fresh = out.kind == MemberKind::transient ? "none" : "empty";
  const std::string word = text_of(json, "state", fresh);
  for (const Diagnosis diagnosis :
       {Diagnosis::lost, Diagnosis::hollow, Diagnosis::damaged, Diagnosis::future}) {
    if (to_string(diagnosis) == word) {
      out.diagnosis = diagnosis;
      return;
    }
  }
  Json state{{"state", word}};
  out.state = word_of(state, "state",
                      {StoreState::none, StoreState::empty, StoreState::updating, StoreState::dirty,
                       StoreState::clean},
                      StoreState::empty);
}

void read_history(const Json& json, Announcement& out) {
  std::set<ViewId> seen;
  for (const Json& entry : list_of(json, "history", max_history)) {
    check_fields(entry, {"view", "from", "members"}, "a history entry");
    const ViewId view = id_of<ViewId>(entry, "view");
    if (view.is_nil()) refuse("a history entry has no view");
    if (!seen.insert(view).second) {
      refuse(fmt::format("view \"{}\" is twice in a history", text_of(entry, "view", "")));
    }
    const std::uint64_t from = number_of(entry, "from", 0);
    if (!out.history.empty() && from < out.history.back().from) {
      refuse("a view begins before the one that went before it");
    }
    out.view = {view, {}};
    for (const Json& member : list_of(entry, "members", max_members)) {
      if (!member.is_string()) refuse("a member of a view is not a name");
      const std::string name = member.get<std::string>();
      out.view.members.push_back({MemberId(uuid_of(name)), name, from});
    }
    out.history.push_back({view, from, static_cast<std::uint16_t>(out.view.members.size())});
  }
}

void read_compared(const Json& json, Announcement& out) {
  for (const Json& entry : list_of(json, "compared", max_compared)) {
    check_fields(entry, {"name", "view", "sequence"}, "an entry of \"compared\"");
    out.compared.push_back({id_of<MemberId>(entry, "name"), id_of<ViewId>(entry, "view"),
                            number_of(entry, "sequence", 0)});
  }
}

/// What the file says for everyone, unless a member says otherwise.
void read_policies(const Json& json, Announcement& out) {
  constexpr std::uint64_t most_members = 1'000'000;
  out.wait_for =
      static_cast<std::uint32_t>(number_of(json, "wait_for", out.wait_for, most_members));
  out.restore =
      word_of(json, "policy", {RestorePolicy::manual, RestorePolicy::latest}, out.restore);
  out.found = word_of(json, "found", {FoundPolicy::allowed, FoundPolicy::never}, out.found);
  out.quorum =
      word_of(json, "quorum",
              {QuorumPolicy::ignored, QuorumPolicy::automatic, QuorumPolicy::required}, out.quorum);
}

/// What a member says of the part that it is, or was, in.
void read_part(const Json& json, Announcement& out) {
  out.suspended = flag_of(json, "suspended");
  out.bound = flag_of(json, "bound");
  if (out.bound && !out.suspended) refuse("a member is \"bound\" and not \"suspended\"");
  out.epoch = number_of(json, "epoch", 0);
}

Announcement member_from(const Json& json, Announcement out) {
  check_fields(
      json, {"name",     "id",        "incarnation", "kind",    "active",   "state",   "certainty",
             "initial",  "final",     "sequence",    "ceiling", "wait_for", "policy",  "found",
             "quorum",   "sole",      "marked",      "discard", "compared", "history", "folded",
             "proposal", "suspended", "bound",       "epoch"},
      "a member");
  const std::string name = text_of(json, "name", "");
  if (name.empty()) refuse("a member has no name");
  out.label = name;
  out.id = id_of<MemberId>(json, "id", name);
  out.incarnation = id_of<Incarnation>(json, "incarnation", "incarnation of " + name);
  out.kind = word_of(json, "kind", {MemberKind::persistent, MemberKind::transient},
                     MemberKind::persistent);
  out.active = flag_of(json, "active");
  read_state(json, out);
  out.initial = id_of<InitialUuid>(json, "initial");
  out.final = id_of<FinalUuid>(json, "final");
  out.floor = number_of(json, "sequence", 0);
  out.ceiling = number_of(json, "ceiling", out.floor);
  if (out.ceiling < out.floor) refuse("a ceiling is below its sequence");
  const Certainty plain = out.ceiling > out.floor ? Certainty::between : Certainty::exact;
  out.certainty = word_of(json, "certainty",
                          {Certainty::exact, Certainty::between, Certainty::at_least}, plain);
  read_policies(json, out);
  out.sole = flag_of(json, "sole");
  out.marked = flag_of(json, "marked");
  out.discard = flag_of(json, "discard");
  out.folded = static_cast<std::uint32_t>(number_of(json, "folded", 0, UINT32_MAX));
  out.proposal = id_of<InitialUuid>(json, "proposal", "proposed by " + name);
  read_part(json, out);
  read_history(json, out);
  read_compared(json, out);
  return out;
}

Scenario scenario_from(const Json& json) {
  // "what" and "expect" are for people and tests.
  check_fields(json, {"what", "wait_for", "policy", "found", "quorum", "members", "expect"},
               "a scenario");
  Announcement plain;
  read_policies(json, plain);
  Scenario out;
  for (const Json& member : list_of(json, "members", max_members)) {
    out.members.push_back(member_from(member, plain));
    out.names.push_back(out.members.back().label);
  }
  if (out.members.empty()) refuse("there are no members");
  return out;
}

tl::unexpected<Error> not_read(const std::string& where, std::string why) {
  return tl::unexpected<Error>({Errc::invalid_argument, "the scenario was not read", where,
                                std::move(why),
                                "see src/restart/RULES.md for what a scenario file holds", 0});
}

/// Two different 64-bit FNV-1a hashes: for names in a file, not against anybody.
std::uint64_t hash_of(std::string_view word, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325U ^ seed;
  for (const char c : word) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

}  // namespace

Uuid uuid_of(std::string_view word) {
  if (const auto spelt = parse_uuid(word)) return *spelt;
  Uuid out;
  for (std::size_t half = 0; half < 2; ++half) {
    const std::uint64_t hash = hash_of(word, half);
    for (std::size_t i = 0; i < 8; ++i) {
      out.bytes.at(half * 8 + i) = static_cast<std::uint8_t>(hash >> (8 * i));
    }
  }
  return out;
}

Result<Scenario> parse_scenario(std::string_view text, const std::string& where) {
  try {
    return scenario_from(parse_bounded(text));
  } catch (const std::exception& problem) {
    return not_read(where, problem.what());
  }
}

Result<Scenario> read_scenario(const std::string& path) {
  std::error_code error;
  if (std::filesystem::file_size(path, error) > most_scenario_bytes || error) {
    return not_read(path, error ? error.message() : "it is too large for a scenario");
  }
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return not_read(path, "it cannot be opened");
  return parse_scenario(text, path);
}

}  // namespace storemark::cli
