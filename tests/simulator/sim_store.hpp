// SPDX-License-Identifier: Apache-2.0
// A broker's store: an append-only list of events on a simulated disk. What is appended is durable
// after sync(); moving a store aside and beginning a new one is durable at once.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <storemark/examine.hpp>
#include <vector>

#include "simulator/random.hpp"

namespace storemark::simulator {

using EventId = std::uint64_t;

struct Entry {
  std::uint64_t n = 0;
  EventId event = 0;
  std::uint64_t digest = 0;  ///< over this entry and all before
  bool operator==(const Entry&) const = default;
};

/// What a store holds, and how it counts.
struct Content {
  std::vector<Entry> entries;
  std::uint64_t stands_at = 0;  ///< where activated() has put it; entries may lie beyond
  bool half = false;            ///< a copy that is not complete
  bool superseded = false;      ///< the journal says that it is to be overwritten
  bool unfinished = false;      ///< a copy of which no journal says yet that it counts

  [[nodiscard]] std::uint64_t last() const { return entries.empty() ? 0 : entries.back().n; }
  [[nodiscard]] std::uint64_t digest() const { return entries.empty() ? 0 : entries.back().digest; }
  /// The event at `n`, or 0.
  [[nodiscard]] EventId at(std::uint64_t n) const;
};

class SimStore {
 public:
  [[nodiscard]] const Content& content() const noexcept { return content_; }
  [[nodiscard]] std::size_t durable_entries() const noexcept { return durable_; }
  [[nodiscard]] Content durable_content() const;
  /// The highest sequence that would be found after a power cut, at least.
  [[nodiscard]] std::uint64_t durable_sequence() const noexcept;
  [[nodiscard]] std::uint64_t sequence() const noexcept;

  /// False: n does not follow what the store stands at.
  [[nodiscard]] bool append(std::uint64_t n, EventId event);
  /// Returns how many entries became durable by it; they are the last ones.
  std::size_t sync() noexcept;
  void stand_at(std::uint64_t sequence) noexcept;

  /// The store goes to a safe place, an empty one is begun.
  void move_aside();
  /// Copies the first `entries` of the donor's; complete where that is all.
  void copy(const Content& donor, std::size_t entries);
  void supersede() noexcept { content_.superseded = true; }
  /// The copy counts from now on.
  void finish() noexcept { content_.unfinished = content_.superseded = false; }
  /// The newest store that was moved aside, complete, back in its place. False: there is none.
  bool bring_back();
  /// All is gone: somebody gave the host an empty directory.
  void wipe();

  /// The power goes: of what was not synced some prefix stays.
  void power_cut(Random& random);
  /// The process goes, and takes what it had buffered with it.
  void lose_buffers(Random& random) { power_cut(random); }

 private:
  Content content_;
  std::size_t durable_ = 0;
  std::deque<Content> aside_;
};

}  // namespace storemark::simulator
