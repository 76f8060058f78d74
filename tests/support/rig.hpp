// SPDX-License-Identifier: Apache-2.0
// A store, its journal on the fault model, and an oracle that knows what was acknowledged. A test
// reads: do, crash, open; every open is held against the invariants of DESIGN.md section 4.
#pragma once

#include <optional>
#include <set>
#include <storemark/journal.hpp>
#include <string>
#include <vector>

#include "journal/environment.hpp"
#include "support/sim_disk.hpp"

namespace storemark::sim {

/// What a broker does with its journal in one session.
enum class Op : std::uint8_t {
  found,
  activate,
  event,
  view,
  payload,
  clean,
  leave,  ///< with the ceiling ahead until then
  begin_update,
  end_update
};
[[nodiscard]] std::string_view to_string(Op op);

/// How an answer can be wrong.
enum class Violation : std::uint8_t {
  false_clean,     ///< clean, though a permit was granted since
  lost_clean,      ///< an acknowledged clean, untouched since, reads otherwise
  unusable,        ///< the journal cannot be opened
  silent_loss,     ///< a sequence below the acknowledged one, and not said to be a lower bound
  false_bound,     ///< the store holds more than the ceiling, and nothing is said
  invented,        ///< a floor above what the store holds, or a record that nobody wrote
  false_empty,     ///< empty, and the store holds events
  lost_updating,   ///< an acknowledged "updating" reads otherwise
  regress,         ///< a second open says something else
  changed_id,      ///< an id or generation went wrong
  not_all_dirty,   ///< a permit was granted, and the medium does not say dirty
  announced_loss,  ///< the sequence slipped back, and the answer says "at least": no lie
};
inline constexpr std::size_t violation_count = 12;
[[nodiscard]] std::string_view to_string(Violation violation);

/// What the caller tells at each open.
enum class Telling : std::uint8_t { content, sequence, sequence_and_tag };

/// What was promised so far. `*_acked` promises hold; `*_begun` may or may not have happened.
struct Oracle {
  std::uint64_t held = 0;  ///< what the store durably holds
  std::uint64_t acked_floor = 0;
  std::uint64_t reported_floor = 0;
  std::uint64_t generation = 0;
  bool created_acked = false;
  bool clean_possible = false;
  bool clean_required = false;
  bool updating_possible = false;
  bool updating_required = false;
  bool permit_held = false;
  bool replaced = false;  ///< an update came between: floors of the old store count no more
  std::set<InitialUuid> initials;  ///< one of these
  InitialUuid initial;             ///< acknowledged
  bool initial_fixed = false;      ///< an activation was begun
  JournalId journal;
  MemberId member;
  std::uint64_t ids = 0;  ///< how many ids were given out: they are numbered
};

/// Disk and oracle between sessions: copy it to branch off.
struct Scene {
  Disk disk;
  Oracle oracle;
  DiskMode mode;
  Telling telling = Telling::content;
};

/// One session on a scene. The scene must outlive it.
class Rig {
 public:
  explicit Rig(Scene& scene) : scene_(scene) {}
  ~Rig() { close(); }
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  /// Opens, and notes every violation. False where it did not open.
  bool open();
  /// False where it failed: the session is over then.
  bool run(Op op);
  /// The broker ends without a word.
  void close();

  [[nodiscard]] const std::vector<Violation>& violations() const { return violations_; }
  [[nodiscard]] const std::string& detail() const { return detail_; }
  [[nodiscard]] Journal& journal() { return *journal_; }
  [[nodiscard]] WritePermit& permit() { return *permit_; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  [[nodiscard]] StoreFacts facts() const;

 private:
  [[nodiscard]] Environment environment();
  void report(Violation violation, std::string detail);
  void check(const Verdict& verdict);
  void check_state(const Verdict& verdict);
  void check_sequence(const Verdict& verdict);
  void check_ids(const Verdict& verdict);
  void check_medium();
  bool failed(const Error& error);

  bool run_found();
  bool run_activate();
  bool run_event();
  bool run_view();
  bool run_payload();
  bool run_clean();
  bool run_leave();
  bool run_begin_update();
  bool run_end_update();

  Scene& scene_;
  std::optional<Journal> journal_;
  std::optional<WritePermit> permit_;
  std::optional<UpdatePermit> update_;
  std::vector<Violation> violations_;
  std::string detail_;
  std::optional<Error> error_;
};

}  // namespace storemark::sim
