// SPDX-License-Identifier: Apache-2.0
// A small real store: messages in LMDB, in the subdirectory "messages" of a data directory. It
// knows nothing of storemark; what it says of itself is what main.cpp tells the journal.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

struct MDB_env;

namespace store_module {

/// LMDB or the system said no; what() names what was attempted, the file, and the cause.
class StoreError : public std::runtime_error {
 public:
  StoreError(const std::string& what, int code) : std::runtime_error(what), code_(code) {}
  [[nodiscard]] int code() const noexcept { return code_; }  ///< LMDB's code, or an errno

 private:
  int code_;
};

/// A digest of every message and their order: each one's is made from the one before it.
using Digest = std::array<std::uint8_t, 16>;
[[nodiscard]] Digest chain(const Digest& before, std::string_view message);
[[nodiscard]] std::string to_string(const Digest& digest);

/// What the store says of itself. It is written in the transaction that writes the message, so the
/// two cannot disagree after a crash.
struct Head {
  std::uint64_t messages = 0;  ///< how many it holds
  std::uint64_t sequence = 0;  ///< the cluster's number of the last event that was applied
  Digest digest{};             ///< of all messages

  bool operator==(const Head&) const = default;
};

enum class Access { write, read };

/// Open messages. Move-only. One thread at a time. A process must not open one directory twice at
/// once, which LMDB forbids; several processes may. Every call throws StoreError or
/// std::filesystem::filesystem_error; after one from append() the store must be closed: a sync that
/// failed cannot be retried.
class MessageStore {
 public:
  static constexpr std::string_view subdirectory = "messages";

  /// Opens the store in `directory`; for writing, makes one there if there is none. Opened for
  /// writing, what it holds is durable: also the last commit of a process that was killed in it.
  explicit MessageStore(const std::filesystem::path& directory, Access access = Access::write);

  MessageStore(MessageStore&&) noexcept = default;
  MessageStore& operator=(MessageStore&&) noexcept = default;

  /// As of the last transaction that any process committed.
  [[nodiscard]] Head head() const;
  [[nodiscard]] bool holds_nothing() const { return head() == Head{}; }

  /// Adds a message as the next event. Durable on return.
  void append(std::string_view message);

  /// On return everything appended is durable. So it is already, by this store's append(); a store
  /// that batches its commits needs the call before it may be called clean.
  void sync();

  /// The next event gets a number above `sequence`, which is not below the present one. Durable on
  /// return. For an operator's mark, which lifts a store above those that it replaces.
  void raise_sequence(std::uint64_t sequence);

  /// Calls `visit` with each message, the first one first, out of one snapshot.
  void for_each(const std::function<void(std::string_view)>& visit) const;

  /// The digest as the messages themselves give it: finds what was changed behind append()'s back,
  /// for the price of reading everything.
  [[nodiscard]] Digest recomputed_digest() const;

  /// Puts a copy of `from`, which another process may be writing, in the place of the messages in
  /// `directory`, which nobody may have open. Durable on return; a crash leaves the old or the new.
  /// The old ones are kept beside them as "messages.before-update.N".
  static void replace(const std::filesystem::path& directory, const MessageStore& from);

 private:
  class Transaction;
  struct Close {
    void operator()(MDB_env* env) const noexcept;
  };

  void in_write_transaction(const std::function<void(Transaction&)>& work);

  std::filesystem::path path_;
  std::unique_ptr<MDB_env, Close> env_;
  unsigned messages_ = 0;  // LMDB's handles of the two tables
  unsigned head_ = 0;
};

}  // namespace store_module
