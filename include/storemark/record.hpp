// SPDX-License-Identifier: Apache-2.0
// The record: one full copy of the metadata that the journal keeps, as values. How it is laid out
// in a slot is in src/journal/FORMAT.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <storemark/ids.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace storemark {

/// What a store is, as its journal says.
enum class StoreState : std::uint8_t {
  none = 0,      ///< a transient member: no store. Never recorded.
  empty = 1,     ///< holds nothing, and the store itself said so
  updating = 2,  ///< half of it is a donor's: never a source
  dirty = 3,     ///< in use, or left by a crash
  clean = 4,     ///< shut down, synced, and not touched since
};
[[nodiscard]] std::string_view to_string(StoreState state) noexcept;

/// The bounds of a record. A record within them may still not fit in a slot when many are used to
/// the full at once; then the oldest history is folded away, and if that is not enough the call
/// fails with record_full. What always fits together: 64 members with labels of 16 bytes, the full
/// payload, the full reason and 16 views of history.
inline constexpr std::size_t max_members = 64;
inline constexpr std::size_t max_label_bytes = 16;
inline constexpr std::size_t max_history = 32;
inline constexpr std::size_t max_compared = 63;
inline constexpr std::size_t max_tag_bytes = 32;
inline constexpr std::size_t max_reason_bytes = 128;
inline constexpr std::size_t max_payload_bytes = 256;
/// Sequences end here; nothing counts so far.
inline constexpr std::uint64_t max_sequence = (std::uint64_t{1} << 63) - 1;

/// A digest of the store's content that the caller computes, 1 to 32 bytes; what it covers is the
/// caller's affair. Equal tags must mean equal stores.
struct StoreTag {
  std::vector<std::uint8_t> bytes;
  auto operator<=>(const StoreTag&) const = default;
};

/// A member of a view, with the last that is known of it.
struct Member {
  MemberId id;
  std::string label;           ///< for people; at most max_label_bytes, UTF-8
  std::uint64_t sequence = 0;  ///< the last sequence it was known to hold
  auto operator<=>(const Member&) const = default;
};

/// One membership.
struct View {
  ViewId id;
  std::vector<Member> members;  ///< at most max_members
  auto operator<=>(const View&) const = default;
};

/// One view that the store lived through: it counts from sequence `from` on, the first event
/// applied in it being `from + 1`.
struct HistoryEntry {
  ViewId view;
  std::uint64_t from = 0;
  std::uint16_t members = 0;
  auto operator<=>(const HistoryEntry&) const = default;
};

/// Where a store was when an operator's mark was compared with it.
struct Compared {
  MemberId id;
  ViewId view;
  std::uint64_t sequence = 0;  ///< its ceiling
  auto operator<=>(const Compared&) const = default;
};

/// 128 bits of XXH3 over a record, the same wherever the record stands.
struct BodyHash {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const BodyHash&) const = default;
};

/// The views that are older than the oldest entry of a history: how many, and a digest over them.
struct FoldedHistory {
  std::uint32_t views = 0;
  BodyHash digest{};  ///< chained, oldest first
  auto operator<=>(const FoldedHistory&) const = default;
};

/// One full copy of the metadata. A plain value.
struct Record {
  JournalId journal;             ///< guards against a block of another file
  MemberId member;               ///< guards against a cloned directory
  std::uint64_t generation = 0;  ///< counts records; grows by one with each, for ever
  BodyHash parent;          ///< of the record before: guards against a line of records that forked
  Incarnation incarnation;  ///< the read-write open that wrote it
  InitialUuid initial;      ///< nil until the cluster has agreed on it
  FinalUuid final;          ///< nil unless clean
  StoreState state = StoreState::empty;
  bool sole = false;              ///< the last member of a shrinking cluster wrote it
  bool marked = false;            ///< clean by an operator's word
  bool discard = false;           ///< an operator lets the broker move the store aside
  bool adopted = false;           ///< made by an operator for a store that had no journal
  bool unproven = false;          ///< the medium had lost something: the sequence is a lower bound
  std::uint64_t floor = 0;        ///< the store holds at least this many events, durably
  std::uint64_t ceiling = 0;      ///< and, if it kept to reserve(), at most this many
  std::optional<StoreTag> tag;    ///< of the store at the clean shutdown
  MemberId donor;                 ///< while updating: who gives
  std::uint64_t target = 0;       ///< while updating: what the store will hold in the end
  std::uint64_t mark_held = 0;    ///< what the store held when it was marked,
  std::uint64_t mark_raised = 0;  ///< and what the mark raised its sequence to; 0 without a mark
  std::int64_t wall_clock = 0;    ///< nanoseconds since 1970, UTC; for people, orders nothing
  std::uint32_t folded = 0;       ///< how many older views are folded into history_digest
  BodyHash history_digest;        ///< chained over the folded views, oldest first
  View view;                      ///< the last one
  std::vector<HistoryEntry> history;  ///< oldest first
  std::vector<Compared> compared;     ///< what the mark was compared with
  std::string reason;                 ///< short; UTF-8
  std::vector<std::uint8_t> payload;  ///< the caller's own

  bool operator==(const Record&) const = default;
};

}  // namespace storemark
