// SPDX-License-Identifier: Apache-2.0
#include "message_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <lmdb.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <type_traits>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace store_module {
namespace {

namespace fs = std::filesystem;

/// LMDB's name for it.
constexpr std::string_view data_file = "data.mdb";

// LMDB's own pages are in the machine's byte order, so the head may be too.
static_assert(std::is_trivially_copyable_v<Head> && sizeof(Head) == 32);

void check(int code, std::string_view what, const fs::path& where) {
  if (code == 0) return;
  throw StoreError(fmt::format("cannot {} ({}): {}", what, where.string(), mdb_strerror(code)),
                   code);
}

/// Makes a file's bytes, or the names in a directory, durable.
void sync_path(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  check(descriptor < 0 ? errno : 0, "open", path);
  const int failed = ::fsync(descriptor) != 0 ? errno : 0;
  ::close(descriptor);
  check(failed, "sync", path);
}

/// A second name for the present messages.
void keep_aside(const fs::path& messages) {
  for (int number = 1;; ++number) {
    const fs::path aside = messages.string() + ".before-update." + std::to_string(number);
    if (!fs::create_directory(aside)) continue;
    fs::create_hard_link(messages / data_file, aside / data_file);
    return sync_path(aside);
  }
}

}  // namespace

class MessageStore::Transaction {
 public:
  Transaction(MDB_env* env, unsigned flags, const fs::path& path) : path_(path) {
    int code = mdb_txn_begin(env, nullptr, flags, &txn_);
    if (code == MDB_MAP_RESIZED) {  // by another process
      check(mdb_env_set_mapsize(env, 0), "map", path_);
      code = mdb_txn_begin(env, nullptr, flags, &txn_);
    }
    check(code, "begin a transaction", path_);
  }
  ~Transaction() {
    if (txn_ != nullptr) mdb_txn_abort(txn_);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  [[nodiscard]] MDB_txn* get() const noexcept { return txn_; }

  void commit() { check(mdb_txn_commit(std::exchange(txn_, nullptr)), "commit", path_); }

  unsigned open_table(const char* name, unsigned flags) {
    MDB_dbi table = 0;
    check(mdb_dbi_open(txn_, name, flags, &table), "open a table", path_);
    return table;
  }

  [[nodiscard]] Head head(MDB_dbi table) const {
    MDB_val key = head_key();
    MDB_val value{};
    const int code = mdb_get(txn_, table, &key, &value);
    if (code == MDB_NOTFOUND) return {};
    check(code != 0 || value.mv_size == sizeof(Head) ? code : MDB_CORRUPTED, "read", path_);
    Head head;
    std::memcpy(&head, value.mv_data, sizeof head);
    return head;
  }

  void put_head(MDB_dbi table, Head head) {
    MDB_val key = head_key();
    MDB_val value{sizeof head, &head};
    check(mdb_put(txn_, table, &key, &value, 0), "write", path_);
  }

  void put_message(MDB_dbi table, std::size_t number, std::string_view message) {
    MDB_val key{sizeof number, &number};
    MDB_val value{message.size(), const_cast<char*>(message.data())};  // LMDB only reads it
    check(mdb_put(txn_, table, &key, &value, MDB_APPEND), "write", path_);
  }

 private:
  static MDB_val head_key() {
    static char name[] = "head";
    return {sizeof name - 1, name};
  }

  const fs::path& path_;
  MDB_txn* txn_ = nullptr;
};

Digest chain(const Digest& before, std::string_view message) {
  std::string text(reinterpret_cast<const char*>(before.data()), before.size());
  text += message;
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(text.data(), text.size()));
  Digest digest;
  std::memcpy(digest.data(), canonical.digest, digest.size());
  return digest;
}

std::string to_string(const Digest& digest) {
  std::string text;
  for (const std::uint8_t byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

void MessageStore::Close::operator()(MDB_env* env) const noexcept { mdb_env_close(env); }

MessageStore::MessageStore(const fs::path& directory, Access access)
    : path_(directory / subdirectory) {
  MDB_env* env = nullptr;
  check(mdb_env_create(&env), "open", path_);
  env_.reset(env);
  check(mdb_env_set_maxdbs(env, 2), "open", path_);

  const bool write = access == Access::write;
  if (write) fs::create_directory(path_);
  // No flag that trades durability away: a commit that returned is on the medium.
  check(mdb_env_open(env, path_.c_str(), write ? 0U : MDB_RDONLY, 0644), "open", path_);
  int dead_readers = 0;  // a killed reader would keep old pages alive for ever
  check(mdb_reader_check(env, &dead_readers), "open", path_);

  Transaction transaction(env, write ? 0U : MDB_RDONLY, path_);
  const unsigned create = write ? MDB_CREATE : 0U;
  messages_ = transaction.open_table("messages", MDB_INTEGERKEY | create);
  head_ = transaction.open_table("head", create);
  transaction.commit();
  if (write) {
    // A process killed inside its commit may have left it in the page cache alone: it would be
    // reported now, and gone after a power cut.
    sync();
    // LMDB does not make the names of new files durable: a power cut could take the whole store
    // after its first commits were acknowledged.
    sync_path(path_);
    sync_path(directory);
  }
}

Head MessageStore::head() const { return Transaction(env_.get(), MDB_RDONLY, path_).head(head_); }

void MessageStore::in_write_transaction(const std::function<void(Transaction&)>& work) {
  for (;;) {
    try {
      Transaction transaction(env_.get(), 0, path_);
      work(transaction);
      return transaction.commit();
    } catch (const StoreError& error) {
      if (error.code() != MDB_MAP_FULL) throw;
    }
    // Nothing was written; the map, and with it the file's bound, can grow.
    MDB_envinfo info{};
    check(mdb_env_info(env_.get(), &info), "grow", path_);
    check(mdb_env_set_mapsize(env_.get(), info.me_mapsize * 2), "grow", path_);
  }
}

void MessageStore::append(std::string_view message) {
  in_write_transaction([&](Transaction& transaction) {
    Head head = transaction.head(head_);
    ++head.messages;
    ++head.sequence;
    head.digest = chain(head.digest, message);
    transaction.put_message(messages_, head.messages, message);
    transaction.put_head(head_, head);
  });
}

void MessageStore::sync() { check(mdb_env_sync(env_.get(), 1), "sync", path_); }

void MessageStore::raise_sequence(std::uint64_t sequence) {
  in_write_transaction([&](Transaction& transaction) {
    Head head = transaction.head(head_);
    check(sequence < head.sequence ? EINVAL : 0, "lower the sequence", path_);
    head.sequence = sequence;
    transaction.put_head(head_, head);
  });
}

void MessageStore::for_each(const std::function<void(std::string_view)>& visit) const {
  Transaction transaction(env_.get(), MDB_RDONLY, path_);
  MDB_cursor* raw = nullptr;
  check(mdb_cursor_open(transaction.get(), messages_, &raw), "read", path_);
  const std::unique_ptr<MDB_cursor, decltype(&mdb_cursor_close)> cursor(raw, &mdb_cursor_close);
  MDB_val key{};
  MDB_val value{};
  int code = 0;
  while ((code = mdb_cursor_get(raw, &key, &value, MDB_NEXT)) == 0) {
    visit({static_cast<const char*>(value.mv_data), value.mv_size});
  }
  check(code == MDB_NOTFOUND ? 0 : code, "read", path_);
}

Digest MessageStore::recomputed_digest() const {
  Digest digest{};
  for_each([&](std::string_view message) { digest = chain(digest, message); });
  return digest;
}

void MessageStore::replace(const fs::path& directory, const MessageStore& from) {
  const fs::path messages = directory / subdirectory;
  const fs::path incoming = messages.string() + ".incoming";
  fs::remove_all(incoming);
  fs::create_directory(incoming);
  check(mdb_env_copy2(from.env_.get(), incoming.c_str(), 0), "copy", from.path_);
  sync_path(incoming / data_file);
  sync_path(incoming);
  keep_aside(messages);
  // At one stroke, the lock file with the data that it goes with: the store is never without its
  // files, which would read as one that holds nothing.
  const bool done =
      ::renameat2(AT_FDCWD, incoming.c_str(), AT_FDCWD, messages.c_str(), RENAME_EXCHANGE) == 0;
  check(done ? 0 : errno, "exchange", messages);
  sync_path(directory);
  fs::remove_all(incoming);
}

}  // namespace store_module
