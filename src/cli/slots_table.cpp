// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/examine_table.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

constexpr std::string_view label_indent = "                  ";

std::string field(std::string_view label, std::string_view text) {
  return paragraph(fmt::format("    {:<14}", label), label_indent, text);
}

/// Left out where there is nothing to tell.
std::string id_field(std::string_view label, const Uuid& id) {
  return id.is_nil() ? std::string() : field(label, to_string(id));
}

std::string bytes_field(std::string_view label, const std::vector<std::uint8_t>& bytes) {
  return bytes.empty() ? std::string() : field(label, hex(bytes.data(), bytes.size()));
}

std::string flags_text(const Record& record) {
  std::vector<std::string> flags;
  if (record.sole) flags.emplace_back("sole");
  if (record.marked) flags.emplace_back("marked by an operator");
  if (record.discard) flags.emplace_back("discard");
  if (record.adopted) flags.emplace_back("adopted");
  if (record.unproven) flags.emplace_back("sequence unproven");
  return listed(flags);
}

std::string view_fields(const Record& record) {
  std::string out = id_field("view", record.view.id);
  for (const Member& member : record.view.members) {
    out += field("  member", fmt::format("{} {} at {}", to_string(member.id),
                                         printable(member.label), member.sequence));
  }
  return out;
}

std::string history_fields(const Record& record) {
  std::string out;
  if (record.folded > 0) {
    out += field("history", fmt::format("{} folded away", counted(record.folded, "older view")));
  }
  for (const HistoryEntry& entry : record.history) {
    out += field("history", fmt::format("{} from {}, {}", to_string(entry.view), entry.from,
                                        counted(entry.members, "member")));
  }
  return out;
}

std::string mark_fields(const Record& record) {
  std::string out;
  if (record.mark_raised > 0) {
    out +=
        field("mark", fmt::format("held {}, raised to {}", record.mark_held, record.mark_raised));
  }
  for (const Compared& compared : record.compared) {
    out += field("compared", fmt::format("{} in view {} at {}", to_string(compared.id),
                                         short_id(compared.view), compared.sequence));
  }
  if (!record.reason.empty()) out += field("reason", printable(record.reason));
  return out;
}

std::string record_text(const Record& record) {
  std::string out = id_field("journal", record.journal) + id_field("member", record.member) +
                    id_field("incarnation", record.incarnation) +
                    id_field("initial", record.initial) + id_field("final", record.final);
  out += field("state", to_string(record.state));
  if (const std::string flags = flags_text(record); !flags.empty()) out += field("flags", flags);
  out += field("sequence", fmt::format("floor {}, ceiling {}", record.floor, record.ceiling));
  if (record.state == StoreState::updating) {
    out += field("update", fmt::format("to {}, from {}", record.target, to_string(record.donor)));
  }
  out += field("written", rfc3339(record.wall_clock)) + view_fields(record) +
         history_fields(record) + mark_fields(record);
  out += field("parent", hex(record.parent.bytes.data(), record.parent.bytes.size()));
  if (record.tag) out += bytes_field("store tag", record.tag->bytes);
  return out + bytes_field("payload", record.payload);
}

void add_row(Table& table, std::size_t index, const SlotReport& slot) {
  const bool good = slot.health == SlotHealth::current || slot.health == SlotHealth::older;
  const Colour colour = good ? Colour::none : Colour::bad;
  std::vector<Cell> row{{std::to_string(index)}, {std::string(to_string(slot.health)), colour}};
  if (slot.record) {
    const Record& record = *slot.record;
    row.push_back({std::to_string(record.generation)});
    row.push_back({std::string(to_string(record.state))});
    row.push_back({std::to_string(record.floor)});
    row.push_back({std::to_string(record.ceiling)});
    row.push_back({rfc3339(record.wall_clock)});
  } else {
    row.insert(row.end(), 5, {"-"});
  }
  table.add(std::move(row));
}

}  // namespace

std::string slots_table(const Store& store) {
  std::string out =
      fmt::format("{}\n", coloured(Colour::strong, "slots of " + printable(store.name)));
  if (!store.seen) return out + paragraph("  ", "  ", printable(store.seen.error().why));
  if (store.seen->verdict.diagnosis == Diagnosis::absent) return out + "  there is no journal\n";
  Table table({{"SLOT"},
               {"HEALTH"},
               {"GENERATION", 20},
               {"STATE"},
               {"FLOOR", 20},
               {"CEILING", 20},
               {"WRITTEN", 20}});
  const auto& slots = store.seen->slots;
  for (std::size_t i = 0; i < slots.size(); ++i) add_row(table, i, slots[i]);
  out += table.text("  ");
  for (const std::size_t i : bad_slots(*store.seen)) {
    out += paragraph("  ", "    ", fmt::format("slot {}: {}", i, printable(slots[i].why)));
  }
  for (const std::size_t i : bad_anchors(*store.seen)) {
    const SlotReport& anchor = store.seen->anchors.at(i);
    out += paragraph(
        "  ", "    ",
        fmt::format("anchor {}, {}: {}", i, to_string(anchor.health), printable(anchor.why)));
  }
  if (store.seen->verdict.record) {
    out += fmt::format("  newest record, generation {}\n", store.seen->verdict.record->generation);
    out += record_text(*store.seen->verdict.record);
  }
  return out;
}

}  // namespace storemark::cli
