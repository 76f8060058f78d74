// SPDX-License-Identifier: Apache-2.0
#include "queue_store.hpp"

#include <endian.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <lmdb.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "sockets.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace minibroker {
namespace {

namespace fs = std::filesystem;

// LMDB's own pages are in the machine's byte order, so the head may be too.
static_assert(std::is_trivially_copyable_v<Head> && sizeof(Head) == 32);

void check(int code, std::string_view what, const fs::path& where) {
  if (code == 0) return;
  throw std::runtime_error(
      fmt::format("cannot {} ({}): {}", what, where.string(), mdb_strerror(code)));
}

MDB_val value_of(std::string_view bytes) {
  return {bytes.size(), const_cast<char*>(bytes.data())};  // LMDB only reads it
}

std::string_view view_of(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

/// Big-endian, so that LMDB's order of bytes is that of the numbers.
std::string key_of(std::uint64_t id) {
  id = htobe64(id);
  return {reinterpret_cast<const char*>(&id), sizeof id};
}

// No name of a queue has a zero byte, so that the messages of one stand together.
std::string key_of(std::string_view queue, std::uint64_t id) {
  return std::string(queue) + '\0' + key_of(id);
}

Message message_of(const MDB_val& key, const MDB_val& value, const fs::path& path) {
  const std::string_view bytes = view_of(key);
  std::uint64_t id = 0;
  check(bytes.size() > sizeof id ? 0 : MDB_CORRUPTED, "read", path);
  const std::size_t queue = bytes.size() - sizeof id - 1;
  std::memcpy(&id, bytes.data() + queue + 1, sizeof id);
  return {bytes.substr(0, queue), be64toh(id), view_of(value)};
}

/// Counts a message in; or, where `times` is -1, out. All of it is modulo 2^64.
void tally(Head& head, const Message& message, int times) {
  const std::string whole = key_of(message.queue, message.id) + std::string(message.text);
  const XXH128_hash_t hash = XXH3_128bits(whole.data(), whole.size());
  const auto factor = static_cast<std::uint64_t>(times);
  head.messages += factor;
  head.digest_low += factor * hash.low64;
  head.digest_high += factor * hash.high64;
}

}  // namespace

class QueueStore::Transaction {
 public:
  Transaction(MDB_env* env, unsigned flags, const fs::path& path) : path_(path) {
    check(mdb_txn_begin(env, nullptr, flags, &txn_), "begin a transaction", path_);
  }
  ~Transaction() {
    if (txn_ != nullptr) mdb_txn_abort(txn_);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit() { check(mdb_txn_commit(std::exchange(txn_, nullptr)), "commit", path_); }

  unsigned open_table(const char* name, bool create) {
    MDB_dbi table = 0;
    check(mdb_dbi_open(txn_, name, create ? MDB_CREATE : 0U, &table), "open a table", path_);
    return table;
  }

  /// False where there is none.
  bool get(MDB_dbi table, std::string_view key, MDB_val& value) const {
    MDB_val wanted = value_of(key);
    const int code = mdb_get(txn_, table, &wanted, &value);
    if (code != MDB_NOTFOUND) check(code, "read", path_);
    return code == 0;
  }

  void put(MDB_dbi table, std::string_view key, std::string_view bytes) {
    MDB_val at = value_of(key);
    MDB_val value = value_of(bytes);
    check(mdb_put(txn_, table, &at, &value, 0), "write", path_);
  }

  void remove(MDB_dbi table, std::string_view key) {
    MDB_val at = value_of(key);
    check(mdb_del(txn_, table, &at, nullptr), "remove", path_);
  }

  [[nodiscard]] Head head(MDB_dbi table) const {
    Head head;
    MDB_val value{};
    if (!get(table, "head", value)) return head;
    check(value.mv_size == sizeof head ? 0 : MDB_CORRUPTED, "read", path_);
    std::memcpy(&head, value.mv_data, sizeof head);
    return head;
  }

  /// Visits what follows `from`, as long as `visit` says so.
  void scan(MDB_dbi table, std::string_view from, const Visit& visit) const {
    MDB_cursor* raw = nullptr;
    check(mdb_cursor_open(txn_, table, &raw), "read", path_);
    const std::unique_ptr<MDB_cursor, decltype(&mdb_cursor_close)> cursor(raw, &mdb_cursor_close);
    MDB_val key = value_of(from);
    MDB_val value{};
    int code = mdb_cursor_get(raw, &key, &value, from.empty() ? MDB_FIRST : MDB_SET_RANGE);
    while (code == 0 && visit(message_of(key, value, path_))) {
      code = mdb_cursor_get(raw, &key, &value, MDB_NEXT);
    }
    if (code != MDB_NOTFOUND) check(code, "read", path_);
  }

 private:
  const fs::path& path_;
  MDB_txn* txn_ = nullptr;
};

void sync_path(const fs::path& path) {
  const Descriptor opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) fail("cannot sync " + path.string());
}

bool QueueStore::exists(const fs::path& directory) {
  return fs::exists(directory / subdirectory / data_file);
}

QueueStore::QueueStore(const fs::path& directory, Access access)
    : path_(directory / subdirectory), env_(nullptr, &mdb_env_close) {
  MDB_env* env = nullptr;
  check(mdb_env_create(&env), "open", path_);
  env_.reset(env);
  check(mdb_env_set_maxdbs(env, 2), "open", path_);
  check(mdb_env_set_maxreaders(env, max_readers), "open", path_);
  // Address space, not memory: a map of fixed size never has to wait for its readers to grow.
  check(mdb_env_set_mapsize(env, map_bytes), "open", path_);

  const bool write = access != Access::read;
  if (write) fs::create_directory(path_);
  const unsigned flags =
      MDB_NOTLS | (write ? 0U : MDB_RDONLY) | (access == Access::unsynced ? MDB_NOSYNC : 0U);
  check(mdb_env_open(env, path_.c_str(), flags, 0600), "open", path_);
  int dead_readers = 0;  // a killed reader would keep old pages alive for ever
  check(mdb_reader_check(env, &dead_readers), "open", path_);

  Transaction transaction(env, write ? 0U : MDB_RDONLY, path_);
  messages_ = transaction.open_table("messages", write);
  queues_ = transaction.open_table("queues", write);
  transaction.commit();
  if (access == Access::durable) {
    // A process killed inside its commit may have left it in the page cache alone: it would be
    // reported now, and gone after a power cut. Nor does LMDB make names of new files durable.
    check(mdb_env_sync(env, 1), "sync", path_);
    sync_path(path_);
    sync_path(directory);
  }
}

QueueStore::~QueueStore() { abandon(); }  // before the environment

void QueueStore::change(const std::function<void(Transaction&)>& work) {
  if (failed_) throw std::runtime_error("a change of " + path_.string() + " failed before");
  failed_ = true;  // until this one is done
  if (!writing_) {
    writing_ = std::make_unique<Transaction>(env_.get(), 0, path_);
    next_ = writing_->head(queues_);
  }
  work(*writing_);
  failed_ = false;
}

void QueueStore::count(std::uint64_t n) {
  if (n != next_.sequence + 1) {
    throw std::runtime_error(fmt::format("event {} comes after event {}", n, next_.sequence));
  }
  next_.sequence = n;
}

void QueueStore::publish(std::uint64_t n, std::string_view queue, std::string_view text) {
  change([&](Transaction& transaction) {
    count(n);
    transaction.put(messages_, key_of(queue, n), text);
    transaction.put(queues_, key_of(n), queue);
    tally(next_, {queue, n, text}, 1);
  });
}

void QueueStore::acknowledge(std::uint64_t n, std::uint64_t id) {
  change([&](Transaction& transaction) {
    count(n);
    MDB_val found{};
    if (!transaction.get(queues_, key_of(id), found)) return;
    const std::string queue(view_of(found));
    const std::string key = key_of(queue, id);
    MDB_val text{};
    check(transaction.get(messages_, key, text) ? 0 : MDB_CORRUPTED, "read", path_);
    tally(next_, {queue, id, view_of(text)}, -1);
    transaction.remove(messages_, key);
    transaction.remove(queues_, key_of(id));
  });
}

void QueueStore::raise_sequence(std::uint64_t n) {
  change([&](Transaction&) {
    check(n < next_.sequence ? EINVAL : 0, "lower the sequence", path_);
    next_.sequence = n;
  });
}

void QueueStore::commit() {
  if (!writing_ && !failed_) return;
  change([&](Transaction& transaction) {
    transaction.put(queues_, "head", {reinterpret_cast<const char*>(&next_), sizeof next_});
    transaction.commit();
  });
  writing_.reset();
}

void QueueStore::abandon() noexcept {
  if (writing_) failed_ = true;  // what was applied is not there
  writing_.reset();
}

Head QueueStore::head() const { return Transaction(env_.get(), MDB_RDONLY, path_).head(queues_); }

void QueueStore::browse(std::string_view queue, const Visit& visit) const {
  Transaction(env_.get(), MDB_RDONLY, path_)
      .scan(messages_, key_of(queue, 0),
            [&](const Message& message) { return message.queue == queue && visit(message); });
}

void QueueStore::for_each(const Visit& visit) const {
  Transaction(env_.get(), MDB_RDONLY, path_).scan(messages_, "", visit);
}

Head QueueStore::counted(const std::function<bool()>& go_on) const {
  const Transaction transaction(env_.get(), MDB_RDONLY, path_);
  Head head;
  head.sequence = transaction.head(queues_).sequence;
  transaction.scan(messages_, "", [&](const Message& message) {
    tally(head, message, 1);
    return go_on();
  });
  return head;
}

void QueueStore::copy_to(int descriptor) const {
  check(mdb_env_copyfd(env_.get(), descriptor), "copy", path_);
}

std::uint64_t QueueStore::size() const {
  MDB_envinfo info{};
  MDB_stat stat{};
  check(mdb_env_info(env_.get(), &info), "measure", path_);
  check(mdb_env_stat(env_.get(), &stat), "measure", path_);
  return (info.me_last_pgno + 1) * std::uint64_t{stat.ms_psize};
}

}  // namespace minibroker
