// SPDX-License-Identifier: Apache-2.0
// The journal of a broker's store: opening gives a Journal that can be looked at; activating it
// makes "dirty" durable and gives the WritePermit; marking clean consumes the permit.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <storemark/error.hpp>
#include <storemark/examine.hpp>
#include <storemark/gate_words.hpp>
#include <storemark/record.hpp>
#include <string_view>

namespace storemark {

class Core;

/// How a write is made durable.
enum class DurableWrite : std::uint8_t {
  automatic,  ///< direct on ext4 and XFS, buffered elsewhere
  direct,     ///< O_DIRECT and RWF_DSYNC: refused where the filesystem cannot
  buffered,   ///< pwrite and fdatasync
};

struct Options {
  DurableWrite durable_write = DurableWrite::automatic;
  /// Clock of the periodic writer; zero: none; a negative one is refused. While it runs, the newest
  /// noted sequence becomes durable at least this often and the ceiling is raised ahead of need.
  std::chrono::milliseconds interval{0};
  /// Of several threads that wait for one flush, one does not sleep but looks out for its end,
  /// where a flush takes less than half a millisecond: more of them share the next one. It lets any
  /// other thread go first (one with a real-time policy cannot, and sleeps), but uses up an idle
  /// processor while they wait: under a quota of processor time (a control group's, as containers
  /// have it) all sleep, whatever this says. `false`: all sleep.
  bool lookout = true;
  /// A sequence further than this beyond the last one is refused as a mistake.
  std::uint64_t jump_bound = std::uint64_t{1} << 32;
  /// Make the data directory if it is missing (its parent must exist).
  bool make_directory = false;
};

/// How the open journal reaches its medium.
struct Mode {
  std::string_view filesystem;     ///< "ext4", "xfs", "btrfs", ...
  std::string_view durable_write;  ///< "direct" or "buffered"
  bool read_back_proves = false;   ///< reads come from the device, not from a cache
};

/// Counters of one open journal, since it was opened.
struct Health {
  bool degraded = false;           ///< one slot cannot be written or does not verify
  std::uint64_t healed_slots = 0;  ///< rewritten by the open
  std::uint64_t sequence_writes = 0;
  std::uint64_t read_backs = 0;   ///< of pairs; one that was written over before is not read
  std::uint64_t lost_writes = 0;  ///< acknowledged by the device, not found when read back
};

/// What a clean shutdown records.
struct CleanShutdown {
  FinalUuid final;                ///< the same at every member of the shutdown; never nil
  std::uint64_t sequence = 0;     ///< exactly what the store holds, now that it is synced
  std::optional<StoreTag> tag{};  ///< of the store as it is now
  bool sole = false;
};

/// The right to write the store. Move-only; there is at most one for a journal. While one is held,
/// every slot on the medium says dirty; dropped without mark_clean(), the store stays dirty.
///
/// Threads: all calls but move and destruction may be made from any thread at once. The permit must
/// not outlive use of the store, and keeps the journal's file open and locked while it lives. One
/// thread of the library lives with it: it reads back what was written, within 50 ms, where reads
/// come from the device, and keeps Options::interval. What the device acknowledged and did not keep
/// is written again and counted in Health; if it is not kept then either, the journal is poisoned.
/// Errors of every call: permit_revoked, poisoned, used_after_fork.
class [[nodiscard]] WritePermit {
 public:
  WritePermit(WritePermit&&) noexcept;
  WritePermit& operator=(WritePermit&&) noexcept;
  ~WritePermit();

  /// The store now durably holds event n. On return a floor of at least n is durable, for the price
  /// of one flush; callers that come together share one, and where n or more is durable already
  /// nothing is written. Errors: jump_too_large, io_failed, no_space; after the last two the
  /// journal is poisoned.
  [[nodiscard]] Result<void> write_sequence(std::uint64_t n);

  /// Call it before event n is applied. On return a ceiling of at least n is durable; memory only
  /// unless n is past the present one. Without the interval writer the ceiling is raised to exactly
  /// n, with it by a stride that follows the rate. Errors: as write_sequence.
  [[nodiscard]] Result<void> reserve(std::uint64_t n);

  /// Call it after event n is durable in the store. Memory only: the next write, or the interval
  /// writer, makes it durable. Errors: not_reserved, if n is past the ceiling.
  [[nodiscard]] Result<void> note(std::uint64_t n);

  /// The membership changed when the store held `sequence` events. On return the view and the
  /// sequence are durable. Call it before anything of the new view is applied. Errors:
  /// invalid_argument, record_full, sequence_goes_down, and as write_sequence.
  [[nodiscard]] Result<void> change_view(const View& view, std::uint64_t sequence,
                                         bool sole = false);

  /// Replaces the caller's own payload; durable on return. Errors: invalid_argument, record_full,
  /// and as write_sequence.
  [[nodiscard]] Result<void> write_payload(std::span<const std::uint8_t> payload);

  /// The newest floor and ceiling that are durable.
  [[nodiscard]] std::uint64_t durable_floor() const noexcept;
  [[nodiscard]] std::uint64_t durable_ceiling() const noexcept;

 private:
  friend class Journal;
  WritePermit(std::shared_ptr<Core> core, std::uint64_t number) noexcept;
  [[nodiscard]] Result<Core*> live() const;
  [[nodiscard]] Result<void> reserve_more(std::uint64_t n);
  [[nodiscard]] Result<void> note_or_refuse(std::uint64_t n);
  std::shared_ptr<Core> core_;
  detail::GateWords* words_;  // of core_
  std::uint64_t number_;      // stale once another permit was given or this one consumed
};

inline Result<void> WritePermit::reserve(std::uint64_t n) {
  if (words_->lets_through(number_, n)) return {};
  return reserve_more(n);
}

inline Result<void> WritePermit::note(std::uint64_t n) {
  if (!words_->lets_through(number_, n)) return note_or_refuse(n);
  detail::raise(words_->noted_here(), n);
  // Whoever revokes changes the number first and looks at `noted` then: one sees the other.
  if (words_->permit.load() != number_) return note_or_refuse(n);
  return {};
}

/// The right to overwrite the store with a donor's. Move-only. Dropped, the store stays "updating".
class [[nodiscard]] UpdatePermit {
 public:
  UpdatePermit(UpdatePermit&&) noexcept;
  UpdatePermit& operator=(UpdatePermit&&) noexcept;
  ~UpdatePermit();

 private:
  friend class Journal;
  UpdatePermit(std::shared_ptr<Core> core, std::uint64_t number) noexcept;
  std::shared_ptr<Core> core_;
  std::uint64_t number_;
};

/// An open journal, locked against every other opener. Move-only. Threads: calls on one Journal
/// must not overlap each other; they may overlap those on its permits. The file is closed when the
/// Journal and its permits are gone; closing writes nothing.
class [[nodiscard]] Journal {
 public:
  /// Opens the journal of the store in `directory`, or makes one (state empty) where there is none
  /// and the store holds nothing. Heals what a crash or a fault left before it answers, so that
  /// what it once reported cannot regress; does not dirty the store. `facts.content` must be given.
  /// Durable on return: what verdict() says. Where the facts name the store's sequence, that too.
  /// Errors: store_lost, store_hollow, journal_damaged, journal_future, not_a_journal, in_use,
  /// no_permission, read_only_filesystem, no_space, io_failed, directory_missing, file_replaced,
  /// invalid_argument, jump_too_large.
  [[nodiscard]] static Result<Journal> open(const std::filesystem::path& directory,
                                            const StoreFacts& facts, const Options& options = {});

  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();

  /// What the open found, as it stood before any activation.
  [[nodiscard]] const Verdict& verdict() const noexcept;
  /// The newest durable record.
  /// In a forked child: nothing.
  [[nodiscard]] Record record() const;
  [[nodiscard]] Mode mode() const noexcept;
  /// Of this open: what it writes carries it.
  [[nodiscard]] Incarnation incarnation() const noexcept;
  /// In a forked child: nothing.
  [[nodiscard]] Health health() const;

  /// The cluster agreed on its initial UUID: durable on return, the state stays empty. Repeating it
  /// with the same UUID is a success. Errors: invalid_argument (nil), id_fixed (another one, and
  /// the store was activated before; not where it never counted an event and says that it holds
  /// nothing), permit_outstanding, and those of writing.
  [[nodiscard]] Result<void> found(const InitialUuid& initial);

  /// The store is about to be written, in `view`, and holds `sequence` events. On return all slots
  /// (five at least) say dirty on the medium; it is written even if the record seems dirty already.
  /// Consumes an operator's mark. Errors: not_founded, wrong_state (updating), discard_only,
  /// sequence_goes_down, jump_too_large, permit_outstanding, not_durable, invalid_argument,
  /// record_full, io_failed (no thread could be had: nothing was written), and those of writing.
  [[nodiscard]] Result<WritePermit> activate(const View& view, std::uint64_t sequence,
                                             bool sole = false);

  /// The store is about to be replaced by `donor`'s, which will hold at least `target` events. On
  /// return "updating" is durable; only then may the first byte of the old store be touched. With
  /// `gives_up` the rules have given up what this store holds and the donor's does not, and the
  /// update may end below it. Errors: not_founded, permit_outstanding, and those of writing.
  [[nodiscard]] Result<UpdatePermit> begin_update(const MemberId& donor, std::uint64_t target,
                                                  bool gives_up = false);

  /// The new store is complete and synced, holds `sequence` events and has lived through `history`
  /// (the donor's, with what the donor has folded away). Where the store counts less itself, since
  /// an operator's mark raised the sequence, `counted` says what. On return the state is dirty;
  /// activate() comes next. Errors: sequence_goes_down (below what the store held when its first
  /// update was begun, unless the rules or an operator gave that up), record_full, permit_revoked,
  /// and those of writing.
  [[nodiscard]] Result<void> end_update(UpdatePermit&& permit, std::uint64_t sequence,
                                        std::span<const HistoryEntry> history,
                                        const FoldedHistory& folded = {},
                                        std::optional<std::uint64_t> counted = {});

  /// The store is synced and will not be written again. Revokes the permit first, also for calls on
  /// other threads, then records clean. On return clean is durable. On failure the store is dirty.
  /// Errors: invalid_argument (nil UUID), sequence_goes_down, permit_revoked, not_durable, and
  /// those of writing.
  [[nodiscard]] Result<void> mark_clean(WritePermit&& permit, const CleanShutdown& shutdown);

  /// The store is synced, holds `sequence` events and not one more, and will not be written under
  /// this permit again. Revokes the permit first, also for calls on other threads, then records the
  /// sequence as exact: the ceiling comes down to it. The store stays dirty, also on failure.
  /// Errors: sequence_goes_down, permit_revoked, not_durable, and those of writing.
  [[nodiscard]] Result<void> end_writing(WritePermit&& permit, std::uint64_t sequence);

 private:
  friend class CoreAccess;
  explicit Journal(std::shared_ptr<Core> core) noexcept;
  [[nodiscard]] Result<void> take_back(const WritePermit& permit, std::uint64_t sequence,
                                       const char* what);
  std::shared_ptr<Core> core_;
};

}  // namespace storemark
