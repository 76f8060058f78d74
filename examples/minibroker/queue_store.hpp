// SPDX-License-Identifier: Apache-2.0
// The store: named queues of messages in LMDB, in the subdirectory "queues" of a data directory.
// It knows nothing of storemark; what it says of itself is what broker.cpp tells the driver.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct MDB_env;

namespace minibroker {

/// What the store says of itself. It is written in the transaction that writes the messages, so
/// that they cannot disagree after a crash.
struct Head {
  std::uint64_t messages = 0;  ///< how many it holds
  std::uint64_t sequence = 0;  ///< the cluster's number of the last event that was applied
  /// Of all messages, each with its queue and its id: the sum of their hashes, 128 bits in two, so
  /// that one which goes is taken out again.
  std::uint64_t digest_low = 0;
  std::uint64_t digest_high = 0;
  bool operator==(const Head&) const = default;
};

struct Message {
  std::string_view queue;
  std::uint64_t id = 0;  ///< the sequence of the event that published it
  std::string_view text;
};

enum class Access {
  durable,   ///< a commit that returned is on the medium
  unsynced,  ///< of a transient member, which keeps nothing
  read,
};

/// Open queues. Changes come from one thread at a time; they are durable and seen by readers after
/// commit(). All else may be called from any thread. A process must not open one directory twice at
/// once, which LMDB forbids; several processes may. Every call throws std::exception. After one
/// from a change nothing can be written any more: a commit that failed cannot be retried.
class QueueStore {
 public:
  static constexpr std::string_view subdirectory = "queues";
  static constexpr std::string_view data_file = "data.mdb";       // LMDB's name for it
  static constexpr std::size_t map_bytes = std::size_t{1} << 36;  ///< the store's bound
  static constexpr unsigned max_readers = 1024;                   ///< threads that read at once

  /// Whether there is a store in `directory`. One that was being made when it was cut is none.
  [[nodiscard]] static bool exists(const std::filesystem::path& directory);

  /// Opens the store in `directory`; makes one if there is none, unless for reading. Opened as
  /// durable, what it holds is: also the last commit of a process that was killed in it.
  QueueStore(const std::filesystem::path& directory, Access access);
  ~QueueStore();
  QueueStore(const QueueStore&) = delete;
  QueueStore& operator=(const QueueStore&) = delete;

  /// Event n, one above the last: a message, whose id it is.
  void publish(std::uint64_t n, std::string_view queue, std::string_view text);
  /// Event n: the message goes. One that is not there is no error: it went before.
  void acknowledge(std::uint64_t n, std::uint64_t id);
  /// The next event gets a number above `n`, which is not below the present one.
  void raise_sequence(std::uint64_t n);
  void commit();
  /// Forgets the changes since the last commit; there can be none after them. By their thread.
  void abandon() noexcept;

  /// As of the last commit.
  [[nodiscard]] Head head() const;
  /// Visits messages, out of one snapshot, until `visit` says false: a queue's, by id; or all, by
  /// queue and id.
  using Visit = std::function<bool(const Message&)>;
  void browse(std::string_view queue, const Visit& visit) const;
  void for_each(const Visit& visit) const;
  /// The head as the messages themselves give it: finds what was changed behind the store's back.
  /// Reads them all, and stops when `go_on` says no more.
  [[nodiscard]] Head counted(const std::function<bool()>& go_on = [] { return true; }) const;

  /// Writes LMDB's own copy of the last commit; writers go on meanwhile. Waits for a reader of the
  /// descriptor; the pages of that commit are not used again until it returns.
  void copy_to(int descriptor) const;
  /// How long such a copy would be now.
  [[nodiscard]] std::uint64_t size() const;

 private:
  class Transaction;
  void change(const std::function<void(Transaction&)>& work);
  void count(std::uint64_t n);

  std::filesystem::path path_;
  std::unique_ptr<MDB_env, void (*)(MDB_env*)> env_;
  unsigned messages_ = 0;  // LMDB's handles: queue, 0, id -> text
  unsigned queues_ = 0;    //                 id -> queue, "head" -> Head
  // The open transaction of changes, and what the head will be after it.
  std::unique_ptr<Transaction> writing_;
  Head next_;
  bool failed_ = false;
};

/// Makes a file's bytes, or the names in a directory, durable. Throws.
void sync_path(const std::filesystem::path& path);

}  // namespace minibroker
