// SPDX-License-Identifier: Apache-2.0
#include "cli/json.hpp"

#include "cli/text.hpp"

namespace storemark::cli {
namespace {

/// A list is made by its elements.
template <class Range, class ToJson>
Json list(const Range& range, ToJson to) {
  Json out = Json::array();
  for (const auto& element : range) out.push_back(to(element));
  return out;
}

Json hex_or_null(const std::uint8_t* bytes, std::size_t size) {
  return size == 0 ? Json() : Json(hex(bytes, size));
}

Json time_or_null(std::int64_t wall_clock) {
  return wall_clock == 0 ? Json() : Json(rfc3339(wall_clock));
}

Json member_to_json(const Member& member) {
  return {{"id", id_to_json(member.id)}, {"label", member.label}, {"sequence", member.sequence}};
}

Json entry_to_json(const HistoryEntry& entry) {
  return {{"view", id_to_json(entry.view)}, {"from", entry.from}, {"members", entry.members}};
}

Json compared_to_json(const Compared& compared) {
  return {{"id", id_to_json(compared.id)},
          {"view", id_to_json(compared.view)},
          {"sequence", compared.sequence}};
}

Json view_to_json(const View& view) {
  return {{"id", id_to_json(view.id)}, {"members", list(view.members, member_to_json)}};
}

/// `place`: "slot" or "anchor".
Json report_to_json(const char* place, std::size_t index, const SlotReport& report) {
  return {{place, index},
          {"health", to_string(report.health)},
          {"why", report.why},
          {"hash",
           report.hash ? Json(hex(report.hash->bytes.data(), report.hash->bytes.size())) : Json()},
          {"record", report.record ? cli::to_json(*report.record) : Json()}};
}

template <class Reports>
Json reports_to_json(const char* place, const Reports& reports) {
  Json out = Json::array();
  for (std::size_t i = 0; i < reports.size(); ++i) {
    out.push_back(report_to_json(place, i, reports[i]));
  }
  return out;
}

void add_identity(Json& out, const Record& record) {
  out["journal"] = id_to_json(record.journal);
  out["member"] = id_to_json(record.member);
  out["generation"] = record.generation;
  out["parent"] = hex(record.parent.bytes.data(), record.parent.bytes.size());
  out["incarnation"] = id_to_json(record.incarnation);
  out["initial"] = id_to_json(record.initial);
  out["final"] = id_to_json(record.final);
}

void add_state(Json& out, const Record& record) {
  out["state"] = to_string(record.state);
  out["sole"] = record.sole;
  out["marked"] = record.marked;
  out["discard"] = record.discard;
  out["adopted"] = record.adopted;
  out["unproven"] = record.unproven;
  out["floor"] = record.floor;
  out["ceiling"] = record.ceiling;
  out["tag"] =
      record.tag ? hex_or_null(record.tag->bytes.data(), record.tag->bytes.size()) : Json();
  out["donor"] = id_to_json(record.donor);
  out["target"] = record.target;
  out["mark_held"] = record.mark_held;
  out["mark_raised"] = record.mark_raised;
  out["time"] = time_or_null(record.wall_clock);
  out["wall_clock"] = record.wall_clock;
}

void add_past(Json& out, const Record& record) {
  out["view"] = view_to_json(record.view);
  out["folded"] = record.folded;
  out["history_digest"] =
      hex(record.history_digest.bytes.data(), record.history_digest.bytes.size());
  out["history"] = list(record.history, entry_to_json);
  out["compared"] = list(record.compared, compared_to_json);
  out["reason"] = record.reason;
  out["payload"] = hex_or_null(record.payload.data(), record.payload.size());
}

void add_verdict(Json& out, const Verdict& verdict) {
  const bool known = verdict.record.has_value();
  out["diagnosis"] = to_string(verdict.diagnosis);
  out["sequence"] = known ? Json(verdict.floor) : Json();
  out["ceiling"] = known ? Json(verdict.ceiling) : Json();
  out["certainty"] = known ? Json(to_string(verdict.certainty)) : Json();
  out["faults_to_be_wrong"] = verdict.faults_to_be_wrong;
  out["clean_by_tag"] = verdict.clean_by_tag;
  out["clean_if_tag_matches"] = verdict.clean_if_tag_matches;
  out["unsettled"] = verdict.unsettled;
  out["why"] = verdict.why;
}

void add_seen(Json& out, const Examination& seen) {
  const Record record = seen.verdict.record.value_or(Record{});
  out["id"] = id_to_json(record.member);
  out["initial"] = id_to_json(record.initial);
  out["final"] = id_to_json(record.final);
  add_verdict(out, seen.verdict);
  out["in_use"] = seen.in_use;
  out["busy"] = seen.busy;
  out["file_bytes"] = seen.file_bytes;
  out["record"] = seen.verdict.record ? to_json(record) : Json();
  out["slots"] = reports_to_json("slot", seen.slots);
  out["anchors"] = reports_to_json("anchor", seen.anchors);
}

}  // namespace

Json id_to_json(const Uuid& id) { return id.is_nil() ? Json() : Json(to_string(id)); }

Json to_json(const Error& error) {
  return {{"id", error_id(error.code)}, {"name", error_name(error.code)},
          {"what", error.what},         {"where", error.where},
          {"why", error.why},           {"todo", error.todo},
          {"errno", error.os_error}};
}

Json to_json(const Record& record) {
  Json out = Json::object();
  add_identity(out, record);
  add_state(out, record);
  add_past(out, record);
  return out;
}

Json to_json(const Store& store) {
  Json out = Json::object();
  out["name"] = store.name;
  out["directory"] = store.directory;
  out["host"] = store.host.empty() ? Json() : Json(store.host);
  out["saved_at"] = store.saved_at.empty() ? Json() : Json(store.saved_at);
  out["other_entries"] = store.others;
  out["exit"] = static_cast<int>(finding(store));
  out["state"] = state_name(store);
  if (store.seen) add_seen(out, *store.seen);
  out["remarks"] = remarks(store);
  out["error"] = store.seen ? Json() : to_json(store.seen.error());
  return out;
}

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace storemark::cli
