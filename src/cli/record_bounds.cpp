// SPDX-License-Identifier: Apache-2.0
#include "cli/record_bounds.hpp"

#include <algorithm>
#include <set>

namespace storemark::cli {
namespace {

std::string broken_size(const Record& record) {
  const auto& members = record.view.members;
  if (members.size() > max_members) return "a view has too many members";
  const bool labels = std::all_of(members.begin(), members.end(), [](const Member& member) {
    return member.label.size() <= max_label_bytes;
  });
  if (!labels) return "a label is too long";
  if (record.history.size() > max_history) return "a history has too many views";
  if (record.compared.size() > max_compared) return "a mark was compared with too many stores";
  if (record.reason.size() > max_reason_bytes) return "a reason is too long";
  if (record.payload.size() > max_payload_bytes) return "a payload is too long";
  const bool tag =
      !record.tag || (!record.tag->bytes.empty() && record.tag->bytes.size() <= max_tag_bytes);
  return tag ? "" : "a tag has no bytes, or too many";
}

std::string broken_history(const Record& record) {
  std::set<ViewId> seen;
  std::uint64_t from = 0;
  ViewId before;
  for (const HistoryEntry& entry : record.history) {
    // One that was entered again at once is the same view.
    if (entry.view != before && !seen.insert(entry.view).second) {
      return "a history comes back to a view";
    }
    if (entry.from < from) return "a view begins before the one that went before it";
    before = entry.view;
    from = entry.from;
  }
  return {};
}

}  // namespace

std::string broken_bound(const Record& record) {
  if (record.floor > record.ceiling || record.ceiling > max_sequence) {
    return "a ceiling is below its floor, or past the last sequence";
  }
  std::string size = broken_size(record);
  return size.empty() ? broken_history(record) : size;
}

}  // namespace storemark::cli
