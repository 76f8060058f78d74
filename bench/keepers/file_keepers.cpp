// SPDX-License-Identifier: Apache-2.0
// The bare system calls on a file that has its size already, and what programs do with files where
// they have no engine.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <mutex>

#include "../raw_file.hpp"
#include "keeper.hpp"

namespace storemark::bench {
namespace {

namespace fs = std::filesystem;

/// One durable write in turn to each pair of slots, as a journal does; threads one after the other.
class RawKeeper : public Keeper {
 public:
  RawKeeper(const fs::path& directory, RawFile::How how, std::size_t blocks)
      : file_((fs::create_directories(directory), directory / "raw"), how), blocks_(blocks) {}

  void put(std::uint64_t /*n*/) override {
    const std::lock_guard lock(mutex_);
    turn_ = (turn_ + 2) % 6;
    file_.write(slot_offset(turn_), blocks_ * block_bytes);
  }
  std::uint64_t get() override {
    file_.read(slot_offset(turn_), block_bytes);
    return 0;
  }

 private:
  std::mutex mutex_;
  RawFile file_;
  std::size_t blocks_;
  std::size_t turn_ = 0;
};

class HashedKeeper : public Keeper {
 public:
  explicit HashedKeeper(const fs::path& directory)
      : file_((fs::create_directories(directory), directory / "raw"), RawFile::How::direct) {}

  void put(std::uint64_t /*n*/) override {
    turn_ = (turn_ + 2) % 6;
    file_.write_hashed_pair(slot_offset(turn_));
  }
  std::uint64_t get() override { return 0; }

 private:
  RawFile file_;
  std::size_t turn_ = 0;
};

using Block = std::array<char, block_bytes>;

Block block_of(std::uint64_t n) {
  Block out{};
  std::memcpy(out.data(), &n, sizeof n);
  return out;
}

void write_block(int fd, std::uint64_t n) {
  const Block block = block_of(n);
  if (::write(fd, block.data(), block.size()) != static_cast<ssize_t>(block.size())) {
    give_up("write");
  }
}

std::uint64_t read_back(const fs::path& path, off_t from_end) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::uint64_t n = 0;
  if (fd < 0 || ::lseek(fd, -from_end, SEEK_END) < 0 || ::read(fd, &n, sizeof n) != sizeof n) {
    give_up(path.c_str());
  }
  ::close(fd);
  return n;
}

/// A log that is never cut.
class AppendKeeper : public Keeper {
 public:
  explicit AppendKeeper(const fs::path& directory)
      : path_((fs::create_directories(directory), directory / "log")),
        fd_(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)) {
    if (fd_ < 0) give_up(path_.c_str());
  }
  ~AppendKeeper() override { ::close(fd_); }
  void put(std::uint64_t n) override {
    write_block(fd_, n);
    if (::fdatasync(fd_) != 0) give_up("fdatasync");
  }
  std::uint64_t get() override { return read_back(path_, block_bytes); }

 private:
  fs::path path_;
  int fd_;
};

/// A whole new file each time, over the old one or beside it.
class WholeFileKeeper : public Keeper {
 public:
  WholeFileKeeper(const fs::path& directory, bool rename)
      : path_((fs::create_directories(directory), directory / "state")),
        beside_(directory / "state.new"),
        directory_(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
        rename_(rename) {
    if (directory_ < 0) give_up(directory.c_str());
  }
  ~WholeFileKeeper() override { ::close(directory_); }
  void put(std::uint64_t n) override {
    write_file(rename_ ? beside_ : path_, n);
    if (!rename_) return;
    if (::rename(beside_.c_str(), path_.c_str()) != 0) give_up("rename");
    if (::fsync(directory_) != 0) give_up("fsync of the directory");
  }
  std::uint64_t get() override { return read_back(path_, block_bytes); }

 private:
  static void write_file(const fs::path& path, std::uint64_t n) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) give_up(path.c_str());
    write_block(fd, n);
    if (::fsync(fd) != 0) give_up("fsync");
    ::close(fd);
  }
  fs::path path_;
  fs::path beside_;
  int directory_;
  bool rename_;
};

Way raw(const std::string& name, RawFile::How how, std::size_t blocks) {
  return {name, Family::raw, [how, blocks](const fs::path& directory) {
            return std::make_unique<RawKeeper>(directory, how, blocks);
          }};
}

Way whole_file(const std::string& name, bool rename) {
  return {name, Family::habit, [rename](const fs::path& directory) {
            return std::make_unique<WholeFileKeeper>(directory, rename);
          }};
}

}  // namespace

std::vector<Way> raw_ways() {
  return {raw("O_DIRECT + RWF_DSYNC, 4 KiB", RawFile::How::direct, 1),
          raw("O_DIRECT + RWF_DSYNC, 8 KiB", RawFile::How::direct, 2),
          raw("pwrite + fdatasync, 4 KiB", RawFile::How::buffered, 1)};
}

Way hashed_raw_way() {
  return {"O_DIRECT + RWF_DSYNC, 8 KiB, hashed", Family::raw,
          [](const fs::path& directory) { return std::make_unique<HashedKeeper>(directory); }};
}

std::vector<Way> habit_ways() {
  return {{"append 4 KiB + fdatasync", Family::habit,
           [](const fs::path& directory) { return std::make_unique<AppendKeeper>(directory); }},
          whole_file("truncate, rewrite, fsync", false),
          whole_file("write beside, fsync, rename, fsync", true)};
}

}  // namespace storemark::bench
