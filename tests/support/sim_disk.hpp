// SPDX-License-Identifier: Apache-2.0
// The fault model: a disk with a page cache, a device cache and a medium, one data directory on it,
// and every fault of DESIGN.md section 4. Copy it to branch off a history.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "io/directory.hpp"
#include "journal/layout.hpp"

namespace storemark::sim {

inline constexpr std::size_t sector_bytes = 512;
inline constexpr std::size_t block_bytes = layout::slot_bytes;
using Block = std::array<std::byte, block_bytes>;
using SharedBlock = std::shared_ptr<const Block>;

/// What becomes of a sector that was written and not flushed when the power goes.
enum class Fate : std::uint8_t { dropped, kept, garbage };

/// One block's worth of a write that is not on the medium yet.
struct Pending {
  std::uint64_t block = 0;
  SharedBlock data;
  bool in_page_cache = false;  ///< else in the device's cache
};

struct Inode {
  std::map<std::uint64_t, SharedBlock> medium;  ///< by block number; absent: zeros
  std::vector<Pending> pending;                 ///< oldest first
  std::uint64_t size = 0;
  std::uint64_t durable_size = 0;
  /// All that ever was on each block of the medium, newest last: what a lost write leaves, and what
  /// resurfaces.
  std::map<std::uint64_t, std::vector<SharedBlock>> past;
};

/// The place in a call at which the power or the process goes.
enum class When : std::uint8_t { before, inside, after };

struct CallFault {
  enum class Kind : std::uint8_t {
    crash,                 ///< at `when`; every later call fails, with no effect
    error,                 ///< errno; a write or sync may have happened in part or not at all
    error_once_then_lies,  ///< a sync fails, drops what it should have written, and succeeds if
                           ///< retried
    lose,                  ///< acknowledged, not done
    misdirect,             ///< acknowledged, done elsewhere: `target` blocks away
    duplicate,             ///< done here and `target` blocks away as well
  };
  Kind kind = Kind::crash;
  When when = When::before;
  int code = 5;
  std::int64_t target = 0;
};

class Disk {
 public:
  // --- what the device does wrong ---------------------------------------------------------------
  /// The call with this number (from 0, since the last reset_calls) meets the fault.
  void fault_at(std::uint64_t call, CallFault fault) { faults_[call] = fault; }
  /// Writes to this block fail with EIO, always.
  void break_block(std::uint64_t block) { broken_.insert(block); }
  /// Writes to this block are acknowledged and not done, always.
  void forget_block(std::uint64_t block) { forgetful_.insert(block); }
  void clear_faults() {
    faults_.clear();
    broken_.clear();
    forgetful_.clear();
    unreadable_.clear();
  }
  /// Reads of this block fail with EIO.
  void make_unreadable(std::uint64_t block) { unreadable_.insert(block); }
  /// Run inside each write, for tests that act in the middle of one.
  std::function<void(std::uint64_t call)> on_write;
  /// Run after each read, before its caller sees what was read.
  std::function<void()> on_read;

  std::uint64_t calls() const { return calls_; }
  void reset_calls() { calls_ = 0; }
  bool dead() const { return dead_; }
  std::uint64_t writes() const { return writes_; }
  std::uint64_t flushes() const { return flushes_; }

  // --- what happens to the machine --------------------------------------------------------------
  /// The process is gone: locks are free, nothing else changes.
  void kill_process();
  /// The power is gone: every unflushed sector meets the fate that `choose(block, sector)` says,
  /// and of the unsynced names the first `names_kept` stay.
  void power_cut(const std::function<Fate(std::uint64_t block, std::size_t sector)>& choose,
                 std::size_t names_kept);
  std::size_t pending_blocks() const;
  /// The blocks that wait to be flushed, oldest first, with what they would replace.
  struct InFlight {
    std::uint64_t block;
    SharedBlock before;
    SharedBlock after;
  };
  std::vector<InFlight> in_flight() const;
  std::size_t pending_names() const { return pending_names_.size(); }

  // --- what the medium does by itself -----------------------------------------------------------
  void put_block(std::uint64_t block, const Block& data);
  Block visible_block(std::uint64_t block) const;
  Block medium_block(std::uint64_t block) const;
  std::vector<SharedBlock> past_of(std::uint64_t block) const;
  bool has_journal() const { return names_.contains(journal()); }
  bool has_durable_journal() const;
  /// For runs that are long: what was on the blocks cannot resurface any more.
  void forget_past();
  void remove_journal();
  void resize(std::uint64_t bytes);

  // --- for SimDirectory and SimFile -------------------------------------------------------------
  struct Called {
    bool go = true;  ///< do it
    bool crash_inside = false;
    bool crash_after = false;
    std::optional<CallFault> fault;
  };
  Called enter();
  void die() { dead_ = true; }
  Inode& inode(std::size_t id) { return *inodes_.at(id); }
  const Inode& inode(std::size_t id) const { return *inodes_.at(id); }
  std::size_t make_inode();
  void flush(std::size_t id);
  void read(std::size_t id, std::uint64_t block, std::span<std::byte> into) const;
  bool unreadable(std::uint64_t block) const { return unreadable_.contains(block); }
  bool broken(std::uint64_t block) const { return broken_.contains(block); }
  bool forgetful(std::uint64_t block) const { return forgetful_.contains(block); }
  void count_write() { ++writes_; }
  static std::string journal() { return std::string(journal_file_name); }

  struct NameChange {
    std::string name;
    std::optional<std::size_t> inode;
    std::string other_name;  ///< of an exchange
    std::optional<std::size_t> other_inode;
  };
  void change_names(NameChange change);
  void sync_names();
  std::optional<std::size_t> lookup(const std::string& name) const;
  std::set<std::size_t> locks;

  Disk() = default;
  Disk(const Disk& other);
  Disk& operator=(const Disk& other);

 private:
  static void apply(const NameChange& change, std::map<std::string, std::size_t>& names);
  SharedBlock visible(const Inode& inode, std::uint64_t block) const;
  static void settle(Inode& inode, std::uint64_t block, SharedBlock data);

  std::vector<std::shared_ptr<Inode>> inodes_;
  std::map<std::string, std::size_t> names_;  // as the processes see them
  std::map<std::string, std::size_t> durable_names_;
  std::vector<NameChange> pending_names_;
  std::map<std::uint64_t, CallFault> faults_;
  std::set<std::uint64_t> broken_;
  std::set<std::uint64_t> forgetful_;
  std::set<std::uint64_t> unreadable_;
  std::uint64_t calls_ = 0;
  std::uint64_t writes_ = 0;
  std::uint64_t flushes_ = 0;
  bool dead_ = false;
};

/// How the simulated file reaches the simulated medium.
struct DiskMode {
  bool direct = true;            ///< writes skip the page cache
  bool read_back_proves = true;  ///< reads come from the device
};

/// The data directory on `disk`, which must outlive it.
[[nodiscard]] std::unique_ptr<io::Directory> directory_on(Disk& disk, DiskMode mode = {});

}  // namespace storemark::sim
