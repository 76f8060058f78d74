// SPDX-License-Identifier: Apache-2.0
// The open journal behind its handles: one record in flight, always.
//
//   who             may            while
//   ------------------------------------------------------------------------------
//   open, heal      write slots    nobody else has the core yet      open.cpp, heal.cpp
//   transition      write 6 slots  holding the writer's turn         transition.cpp
//   sequence write  write a pair   holding the writer's turn         sequence.cpp
//   read-back       read a pair    at any time; its thread only      read_back.cpp
//   note, reserve   raise words    at any time, no lock              gate.hpp
//
// `current_` moves only after the last barrier returned; an error in between poisons.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <storemark/journal.hpp>

#include "journal/environment.hpp"
#include "journal/flush_share.hpp"
#include "journal/flush_wait.hpp"
#include "journal/gate.hpp"
#include "journal/slot_file.hpp"

namespace storemark {

class BackgroundThread;

/// Who holds a permit.
enum class Phase : std::uint8_t { looking, active, updating };

/// What look() found, until settle() has made it durable.
struct Looked {
  recovery::Reading reading;
  AlignedBytes raw{slot_count * layout::slot_bytes};
};

class Core {
 public:
  /// The parts of an opened file; open.cpp makes them.
  Core(Environment environment, Options options, std::unique_ptr<SlotFile> slots);
  ~Core();
  /// Deletes it. In a forked child only its descriptors are closed: threads of the parent may have
  /// been waiting on what else is in it, and destroying that would wait for them.
  static void give_up(Core* core) noexcept;
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  // open.cpp, heal.cpp
  /// Reads, and refuses what may not be opened. Writes nothing.
  [[nodiscard]] Result<void> look(const StoreFacts& facts);
  /// Heals what look() found; the answer is durable on return.
  [[nodiscard]] Result<void> settle();
  /// What settle() makes, or has made, the newest record.
  [[nodiscard]] Record record_after_settling();

  // What is known. Threads: any.
  [[nodiscard]] const Verdict& verdict() const noexcept { return verdict_; }
  [[nodiscard]] Record record();
  [[nodiscard]] Health health();
  [[nodiscard]] Mode mode() const noexcept { return mode_; }
  [[nodiscard]] const Incarnation& incarnation() const noexcept { return incarnation_; }
  [[nodiscard]] Gate& gate() noexcept { return gate_; }
  [[nodiscard]] const std::string& path() const noexcept { return environment_.path; }
  [[nodiscard]] std::uint64_t jump_bound() const noexcept { return options_.jump_bound; }
  [[nodiscard]] std::int64_t wall_clock() const { return environment_.wall_clock(); }
  [[nodiscard]] Uuid new_id() const { return environment_.new_id(); }

  // transition.cpp: writes `next` to every slot. `next` gets its generation, parent, incarnation
  // and time here.
  [[nodiscard]] Result<void> transition(Record next);
  /// Refuses a handle that is poisoned or belongs to another process.
  [[nodiscard]] Result<void> check_usable();

  // permits.cpp
  [[nodiscard]] Result<void> check_phase(Phase wanted);
  /// An update was begun once and the store says that it holds nothing: it is empty, and may start.
  [[nodiscard]] bool update_left_nothing() const noexcept { return update_left_nothing_; }
  /// Since the open: what the verdict says of the store may be old.
  [[nodiscard]] bool was_activated() const noexcept { return was_activated_; }
  /// What the store held before was given up, or is gone already: an earlier update of it was cut.
  [[nodiscard]] bool update_may_go_down() const noexcept { return update_may_go_down_; }
  /// The thread beside the permit that is about to be granted. Nothing is written where it fails.
  [[nodiscard]] Result<void> prepare_thread();
  /// Both return the number of the permit.
  [[nodiscard]] std::uint64_t grant_write();
  [[nodiscard]] std::uint64_t grant_update(bool may_go_down);
  /// After it no call on the permit gets through, none is under way, and what was written has been
  /// read back.
  void revoke();

  // sequence.cpp
  // Each call names the permit that it is made on: another may have been granted meanwhile.
  [[nodiscard]] Result<void> write_sequence(std::uint64_t permit, std::uint64_t n);
  [[nodiscard]] Result<void> reserve(std::uint64_t permit, std::uint64_t n);
  [[nodiscard]] Result<void> note(std::uint64_t permit, std::uint64_t n);
  /// Writes the newest floor and ceiling if they are not durable: the interval writer's beat.
  [[nodiscard]] Result<void> beat(std::uint64_t stride);

  // read_back.cpp
  /// Reads every pair that was written and not read since. What the device has not kept is written
  /// again as a new generation, until it is kept or given up. Never twice at once.
  void read_back();

  // view_change.cpp: one pair, like a sequence write.
  [[nodiscard]] Result<void> change_view(std::uint64_t permit, const View& view,
                                         std::uint64_t sequence, bool sole);
  [[nodiscard]] Result<void> write_payload(std::uint64_t permit,
                                           std::span<const std::uint8_t> payload);

 private:
  /// The right to write the file; waits for whoever has it.
  class Turn {
   public:
    explicit Turn(Core& core);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Core& core_;
  };

  // heal.cpp
  [[nodiscard]] Result<void> heal(Looked& looked);
  [[nodiscard]] Result<void> stage_verdict(Looked& looked);
  [[nodiscard]] Result<void> heal_slots(const recovery::Reading& reading);
  [[nodiscard]] Result<void> heal_slot(std::size_t slot);
  [[nodiscard]] Result<void> record_facts(const recovery::Reading& reading);

  // transition.cpp
  [[nodiscard]] Result<void> stage(Record& next);
  [[nodiscard]] Result<void> write_all_slots();
  [[nodiscard]] Result<void> verify_all_slots(const BodyHash& hash);
  void publish(Record next, const BodyHash& hash);
  [[nodiscard]] Result<void> check_name();
  [[nodiscard]] Result<void> check_name_now_and_then();
  [[nodiscard]] Result<void> flush_what_was_read();

  // sequence.cpp
  [[nodiscard]] Result<void> share_flush(std::uint64_t permit, std::uint64_t floor,
                                         std::uint64_t ceiling);
  [[nodiscard]] bool take_turn_if_free();
  void end_turn();
  [[nodiscard]] Result<void> lead_flush();
  [[nodiscard]] Result<void> check_jump(std::uint64_t n, const char* what);
  [[nodiscard]] Result<void> write_newest();
  [[nodiscard]] Result<void> write_staged_pair(const BodyHash& hash);
  [[nodiscard]] Result<void> rewrite(Record next);
  [[nodiscard]] Error shut_reason();

  // read_back.cpp
  using PairHolds = std::array<bool, layout::slots_per_pair>;
  void expect_read_back(std::size_t pair, const BodyHash& hash);
  void expect_nothing(std::size_t pair);
  [[nodiscard]] bool read_back_pair(std::size_t pair);
  [[nodiscard]] bool is_kept(std::size_t pair, const BodyHash& hash, const PairHolds& holds);
  [[nodiscard]] bool write_again(std::size_t pair, const BodyHash& hash);
  [[nodiscard]] Result<void> do_without_lossy_slot(std::size_t pair);
  void look_again();

  [[nodiscard]] std::size_t oldest_pair() const noexcept;
  [[nodiscard]] std::uint64_t next_generation() const noexcept { return generation_ + 1; }
  Result<void> poison(Error error);

  Environment environment_;
  const Options options_;
  const Mode mode_;
  const Incarnation incarnation_;
  std::unique_ptr<SlotFile> slots_;
  Gate gate_;

  // What a sequence write touches stands together: after its wait the caches have gone cold.
  std::mutex mutex_;
  std::condition_variable turn_free_;
  FlushWait flushed_;  // for who wants a flush, whoever leads it: no lock to wake up with
  // Guarded by mutex_:
  bool turn_taken_ = false;
  unsigned want_turn_ = 0;
  Phase phase_ = Phase::looking;
  Health health_;
  std::array<std::optional<BodyHash>, layout::pair_count> unproven_;  // written, not read back

  // Owned by whoever has the turn, but for arrivals:
  FlushShare share_;
  // Owned by whoever has the turn:
  BodyHash hash_;                                    // of current_
  std::uint64_t generation_ = 0;                     // the highest ever seen
  std::array<std::uint64_t, slot_count> on_slot_{};  // generation there; 0: none that is ours
  std::optional<std::size_t> bad_slot_;              // will not be written
  std::chrono::steady_clock::time_point name_checked_{};

  // Guarded by mutex_ for readers; moved only by whoever has the turn:
  Record current_;
  // Guarded by mutex_:
  std::optional<Error> poison_;
  Verdict verdict_;
  // Owned by whoever has the turn:
  std::optional<Looked> looked_;  // between look() and settle()
  bool update_left_nothing_ = false;
  bool update_may_go_down_ = false;
  bool was_activated_ = false;
  bool unflushed_ = false;  // what the open read may not be on the medium yet

  std::atomic<std::uint64_t> stride_{0};  // by how much a reserve() that waits raises the ceiling
  std::array<unsigned, slot_count> lost_in_a_row_{};  // owned by the read-back
  std::unique_ptr<BackgroundThread> thread_;          // the first to go: it uses all of the above
};

}  // namespace storemark
