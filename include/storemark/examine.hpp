// SPDX-License-Identifier: Apache-2.0
// Looking at a journal without touching it.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <storemark/error.hpp>
#include <storemark/record.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace storemark {

inline constexpr std::size_t slot_count = 6;
/// Copies of the founding record beside the slots: they say whose file it is where slots disagree.
inline constexpr std::size_t anchor_count = 3;
/// The journal's name in the data directory.
inline constexpr std::string_view journal_file_name = "storemark.journal";

enum class StoreContent : std::uint8_t {
  unknown,        ///< for examine() only: nobody has looked
  holds_nothing,  ///< the store itself says that it has not one event
  holds_data,
};

/// What the caller knows of its store. Take it from the store itself, never from the journal.
struct StoreFacts {
  StoreContent content = StoreContent::unknown;
  /// The store's digest now; vetoes clean where it differs from the recorded one.
  std::optional<StoreTag> tag{};
  /// How many of the cluster's events the store really holds, durably.
  std::optional<std::uint64_t> sequence{};
};

/// What is wrong with a journal or its store, beyond its state.
enum class Diagnosis : std::uint8_t {
  none,
  absent,   ///< no journal, and nobody said that the store holds data
  lost,     ///< the store holds data, and no journal has counted it
  hollow,   ///< the journal has counted more than the store holds
  damaged,  ///< no slot readable, or the file has not its size
  future,   ///< a newer format: this version must not touch it
  foreign,  ///< not a journal of ours at all
};
[[nodiscard]] std::string_view to_string(Diagnosis diagnosis) noexcept;

/// How much the sequence can be trusted.
enum class Certainty : std::uint8_t {
  exact,     ///< floor == ceiling, and no fault of the medium in sight
  between,   ///< between floor and ceiling
  at_least,  ///< the medium has lost something: there may have been more
};
[[nodiscard]] std::string_view to_string(Certainty certainty) noexcept;

/// What the six slots say, read together.
struct Verdict {
  Diagnosis diagnosis = Diagnosis::none;
  /// The state to announce; meaningless unless diagnosis is none.
  StoreState state = StoreState::none;
  std::uint64_t floor = 0;
  std::uint64_t ceiling = 0;
  Certainty certainty = Certainty::at_least;
  /// The smallest number of slot faults that could make the sequence wrong; 0 where nothing is
  /// known.
  unsigned faults_to_be_wrong = 0;
  /// Clean rests on the store's tag alone: fewer than four copies are left.
  bool clean_by_tag = false;
  /// Fewer than four copies are left; a matching tag, if the caller had given it, would say clean.
  bool clean_if_tag_matches = false;
  /// A read-write open would write before it answers: a crash or damage is to be healed.
  bool unsettled = false;
  /// Everything that speaks against a plain answer, one sentence each.
  std::vector<std::string> why;
  /// The newest record; its state, floor and ceiling are what was written, not what is concluded.
  std::optional<Record> record;
};

enum class SlotHealth : std::uint8_t {
  current,     ///< the newest record
  older,       ///< a valid, older record
  zero,        ///< never written, or wiped
  invalid,     ///< torn or rotten: its checksum does not verify
  malformed,   ///< verifies, but breaks the format's rules
  misplaced,   ///< a record of this journal that was written for another slot
  foreign,     ///< a record of another journal
  future,      ///< a newer format
  unreadable,  ///< the device gave an error, or the file ends before it
};
[[nodiscard]] std::string_view to_string(SlotHealth health) noexcept;

struct SlotReport {
  SlotHealth health = SlotHealth::unreadable;
  std::string why;               ///< one sentence, for whatever is not current
  std::optional<Record> record;  ///< what could be decoded, also of a misplaced or foreign one
  std::optional<BodyHash> hash;  ///< of that record; its successor names it as its parent
};

/// Everything that can be said of one data directory without writing.
struct Examination {
  std::filesystem::path directory;
  bool in_use = false;  ///< another process, or another handle of this one, has it open for writing
  bool busy = false;    ///< it changed under every pass: the answer below is one moment's
  std::uint64_t file_bytes = 0;
  Verdict verdict;
  std::array<SlotReport, slot_count> slots;
  std::array<SlotReport, anchor_count> anchors;  ///< current, unless something is wrong with it
};

/// Looks at the journal in `directory`. Effect: none; bytes, times (where the kernel permits) and
/// locks stay as they are, also beside a running broker. Nothing is durable that was not. Threads:
/// any. Errors: directory_missing, no_permission, io_failed, not_a_journal (a directory, link or
/// device stands in its place). A missing, damaged or newer journal is no error: the verdict says
/// so.
[[nodiscard]] Result<Examination> examine(const std::filesystem::path& directory,
                                          const StoreFacts& facts = {});

}  // namespace storemark
