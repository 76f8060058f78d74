// SPDX-License-Identifier: Apache-2.0
#include "cli/watch.hpp"

#include <fmt/format.h>

#include "cli/text.hpp"

namespace storemark::cli {

Sighting sighting_of(const Store& store) {
  Sighting out;
  out.store = store.name;
  out.state = state_word(store);
  out.sequence = out.view = "-";
  if (!store.seen) return out;
  out.in_use = store.seen->in_use;
  const Verdict& verdict = store.seen->verdict;
  if (!verdict.record) return out;
  out.floor = verdict.floor;
  out.ceiling = verdict.ceiling;
  out.sequence = sequence_text(verdict);
  out.generation = verdict.record->generation;
  if (!verdict.record->view.id.is_nil()) {
    out.view = fmt::format("{}/{}", short_id(verdict.record->view.id),
                           verdict.record->view.members.size());
  }
  return out;
}

std::string change_text(const Sighting* before, const Sighting& now) {
  if (before == nullptr) return "first seen";
  std::string out;
  const auto add = [&out](std::string_view what, const auto& from, const auto& to) {
    if (from == to) return;
    out += fmt::format("{}{}{} -> {}", out.empty() ? "" : ", ", what, from, to);
  };
  add("", before->state, now.state);
  add("", before->sequence, now.sequence);
  add("view ", before->view, now.view);
  if (before->in_use != now.in_use) {
    out += fmt::format("{}{}", out.empty() ? "" : ", ", now.in_use ? "opened" : "closed");
  }
  // The same words, in a record that was written anew.
  add("generation ", out.empty() ? before->generation : 0, out.empty() ? now.generation : 0);
  return out;
}

std::string sighting_line(const Sighting& now, const std::string& change, const std::string& time) {
  return fmt::format("{} {} {} {} view {}{}: {}\n", time, printable(now.store), now.state,
                     now.sequence, now.view, now.in_use ? ", in use" : "", change);
}

Json sighting_json(const Sighting& now, const std::string& change, const std::string& time) {
  const bool known = now.sequence != "-";
  return {{"schema", "storemark.watch/1"},
          {"time", time},
          {"store", now.store},
          {"state", now.state},
          {"sequence", known ? Json(now.floor) : Json()},
          {"ceiling", known ? Json(now.ceiling) : Json()},
          {"view", now.view == "-" ? Json() : Json(now.view)},
          {"generation", known ? Json(now.generation) : Json()},
          {"in_use", now.in_use},
          {"change", change}};
}

}  // namespace storemark::cli
