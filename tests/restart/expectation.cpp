// SPDX-License-Identifier: Apache-2.0
// Reads the "expect" of a scenario, and says a decision in its words.
#include "restart/expectation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

namespace storemark::restart_test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string joined(const std::set<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string name_of(const MemberId& id, const cli::Scenario& scenario) {
  for (const Announcement& member : scenario.members) {
    if (member.id == id) return member.label;
  }
  return to_string(id);
}

/// "update from a R4"; a member that stays needs no rule.
std::string said_of(const MemberDecision& member, Rule whole, const cli::Scenario& scenario) {
  std::string out{to_string(member.action)};
  if (member.donor) out += " from " + name_of(*member.donor, scenario);
  if (member.rule == whole || member.action == Action::stay) return out;
  return fmt::format("{} {}", out, to_string(member.rule));
}

void expect_list(const Json& expect, const std::string& name, Lines& out) {
  if (!expect.contains(name)) return;
  const auto words = expect.at(name).get<std::vector<std::string>>();
  out[name] = joined({words.begin(), words.end()});
}

void expect_members(const Json& expect, const cli::Scenario& scenario, Lines& out) {
  for (const auto& [name, action] : expect.at("members").items()) {
    const auto& names = scenario.names;
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      throw std::invalid_argument("an expectation for " + name + ", which is no member");
    }
    out["member " + name] = action.get<std::string>();
  }
}

Lines expected_of(const Json& expect, const cli::Scenario& scenario) {
  const std::set<std::string> known{"verdict", "rule", "members", "initial", "missing", "loses"};
  for (const auto& [name, value] : expect.items()) {
    if (!known.contains(name)) throw std::invalid_argument("\"expect\" has no field " + name);
  }
  Lines out{{"verdict", expect.at("verdict").get<std::string>()},
            {"rule", expect.at("rule").get<std::string>()},
            {"loses", ""}};  // nothing is given up unless the scenario says so
  if (expect.contains("initial")) {
    out["initial"] = to_string(cli::uuid_of(expect.at("initial").get<std::string>()));
  }
  expect_list(expect, "missing", out);
  expect_list(expect, "loses", out);
  expect_members(expect, scenario, out);
  return out;
}

std::string missing_in(const Decision& decision) {
  std::set<std::string> labels;
  for (const MissingMember& member : decision.missing) labels.insert(member.label);
  return joined(labels);
}

std::string losers_in(const Decision& decision, const cli::Scenario& scenario) {
  std::set<std::string> names;
  for (const Loss& loss : decision.loses) names.insert(name_of(loss.id, scenario));
  return joined(names);
}

/// A clone has the id of another, so the incarnation counts too.
const Announcement* announced(const MemberDecision& member, const cli::Scenario& scenario) {
  for (const Announcement& one : scenario.members) {
    if (one.id == member.id && one.incarnation == member.incarnation) return &one;
  }
  return nullptr;
}

}  // namespace

std::vector<std::string> all_names() {
  std::vector<std::string> out;
  for (const fs::directory_entry& file : fs::directory_iterator(STOREMARK_SCENARIOS)) {
    if (file.path().extension() == ".json") out.push_back(file.path().stem().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

Case read_case(const std::string& name) {
  const std::string path = std::string(STOREMARK_SCENARIOS) + "/" + name + ".json";
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto scenario = cli::parse_scenario(text, path);
  if (!scenario) throw std::invalid_argument(path + ": " + scenario.error().why);
  const Json json = Json::parse(text);
  Case out{name, json.at("what").get<std::string>(), std::move(*scenario), {}};
  out.expected = expected_of(json.at("expect"), out.scenario);
  return out;
}

Lines said(const Decision& decision, const Case& about) {
  const std::map<std::string, std::string> all{
      {"verdict", std::string(to_string(decision.outcome))},
      {"rule", std::string(to_string(decision.rule))},
      {"initial", to_string(decision.initial)},
      {"missing", missing_in(decision)},
      {"loses", losers_in(decision, about.scenario)},
  };
  Lines out;
  for (const auto& [name, value] : all) {
    if (about.expected.contains(name)) out[name] = value;
  }
  for (const MemberDecision& member : decision.members) {
    const Announcement* one = announced(member, about.scenario);
    const std::string name = one == nullptr ? to_string(member.id) : one->label;
    out["member " + name] += said_of(member, decision.rule, about.scenario);
  }
  return out;
}

std::string everything(const Decision& decision) {
  std::string out = fmt::format("{} {} {} initial {}, {} of {}\n", to_string(decision.outcome),
                                to_string(decision.rule), decision.why, to_string(decision.initial),
                                decision.present, decision.wait_for);
  for (const MemberDecision& member : decision.members) {
    out += fmt::format("{} {} {} from {} {}: {}\n", to_string(member.id),
                       to_string(member.incarnation), to_string(member.action),
                       member.donor ? to_string(*member.donor) : "-", to_string(member.rule),
                       member.evidence);
  }
  for (const MissingMember& member : decision.missing) {
    out += fmt::format("missing {} {} {}\n", to_string(member.id), member.label, member.sequence);
  }
  for (const Loss& loss : decision.loses) {
    out += fmt::format("loses {} {}..{} {}\n", to_string(loss.id), loss.from, loss.to,
                       loss.certain ? "certain" : "perhaps");
  }
  return out;
}

std::string text_of(const Lines& lines) {
  std::string out;
  for (const auto& [name, value] : lines) out += name + ": " + value + "\n";
  return out;
}

}  // namespace storemark::restart_test
