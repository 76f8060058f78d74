// SPDX-License-Identifier: Apache-2.0
// SQLite in the modes in which a commit survives a power cut: one row, updated in a transaction of
// its own. Threads share one connection: SQLite has one writer, and waiting for it in a mutex is
// kinder than polling for it.
#include <sqlite3.h>

#include <mutex>

#include "keeper.hpp"

namespace storemark::bench {
namespace {

namespace fs = std::filesystem;

struct SqliteMode {
  const char* journal;    ///< WAL or DELETE
  bool exclusive;         ///< locking_mode: no shared memory, no locks per transaction
  int checkpoint_pages;   ///< 0: the log grows for ever
  std::uint64_t warm_up;  ///< commits, so that the log has been through its first checkpoint
};

class SqliteKeeper : public Keeper {
 public:
  SqliteKeeper(const fs::path& directory, const SqliteMode& mode) {
    fs::create_directories(directory);
    const auto path = directory / "state.db";
    check(sqlite3_open(path.c_str(), &database_), "open");
    if (mode.exclusive) run("PRAGMA locking_mode=EXCLUSIVE");
    run("PRAGMA journal_mode=" + std::string(mode.journal));
    run("PRAGMA synchronous=FULL");
    run("PRAGMA wal_autocheckpoint=" + std::to_string(mode.checkpoint_pages));
    const bool is_new = !has_table();
    if (is_new) {
      run("CREATE TABLE state(id INTEGER PRIMARY KEY, n INTEGER)");
      run("INSERT INTO state VALUES(1, 0)");
    }
    update_ = prepare("UPDATE state SET n=? WHERE id=1");
    select_ = prepare("SELECT n FROM state WHERE id=1");
    if (is_new) warm_up(mode);
  }
  ~SqliteKeeper() override {
    sqlite3_finalize(update_);
    sqlite3_finalize(select_);
    sqlite3_close(database_);
  }

  void put(std::uint64_t n) override {
    const std::lock_guard lock(mutex_);
    sqlite3_bind_int64(update_, 1, static_cast<sqlite3_int64>(n));
    if (sqlite3_step(update_) != SQLITE_DONE) give_up("SQLite", sqlite3_errmsg(database_));
    sqlite3_reset(update_);
  }
  std::uint64_t get() override {
    const std::lock_guard lock(mutex_);
    if (sqlite3_step(select_) != SQLITE_ROW) give_up("SQLite", sqlite3_errmsg(database_));
    const auto n = static_cast<std::uint64_t>(sqlite3_column_int64(select_, 0));
    sqlite3_reset(select_);
    return n;
  }

 private:
  void check(int code, const std::string& what) {
    if (code != SQLITE_OK) give_up("SQLite, " + what, sqlite3_errmsg(database_));
  }
  void run(const std::string& statement) {
    check(sqlite3_exec(database_, statement.c_str(), nullptr, nullptr, nullptr), statement);
  }
  bool has_table() {
    return sqlite3_table_column_metadata(database_, nullptr, "state", "n", nullptr, nullptr,
                                         nullptr, nullptr, nullptr) == SQLITE_OK;
  }
  sqlite3_stmt* prepare(const char* statement) {
    sqlite3_stmt* out = nullptr;
    check(sqlite3_prepare_v2(database_, statement, -1, &out, nullptr), statement);
    return out;
  }
  /// Not synced, for speed: what counts is that the log has its size, and begins again.
  void warm_up(const SqliteMode& mode) {
    if (mode.warm_up == 0) return;
    run("PRAGMA synchronous=OFF");
    for (std::uint64_t n = 1; n <= mode.warm_up; ++n) put(n);
    run("PRAGMA synchronous=FULL");
  }

  std::mutex mutex_;
  sqlite3* database_ = nullptr;
  sqlite3_stmt* update_ = nullptr;
  sqlite3_stmt* select_ = nullptr;
};

Way sqlite(const std::string& name, const SqliteMode& mode) {
  return {name, Family::engine, [mode](const fs::path& directory) {
            return std::make_unique<SqliteKeeper>(directory, mode);
          }};
}

}  // namespace

std::vector<Way> sqlite_ways() {
  constexpr int pages = 1000;  // SQLite's default
  constexpr std::uint64_t around = 1'100;
  return {sqlite("SQLite WAL", {"WAL", false, pages, around}),
          sqlite("SQLite WAL, exclusive", {"WAL", true, pages, around}),
          sqlite("SQLite WAL, growing", {"WAL", false, 0, 0}),
          sqlite("SQLite rollback", {"DELETE", false, pages, 0})};
}

}  // namespace storemark::bench
