// SPDX-License-Identifier: Apache-2.0
// The seam of src/io, on the simulated disk.
#include <cerrno>
#include <cstring>

#include "support/sim_disk.hpp"

namespace storemark::sim {
namespace {

using io::IoError;
using io::IoResult;
using Kind = CallFault::Kind;

tl::unexpected<IoError> gone() { return tl::unexpected(IoError{EIO, "the machine is down", 0}); }

class SimFile : public io::File {
 public:
  SimFile(Disk& disk, std::size_t id, DiskMode mode, bool locked)
      : disk_(disk), id_(id), mode_(mode), locked_(locked) {}
  ~SimFile() override {
    if (locked_) disk_.locks.erase(id_);
  }

  IoResult<void> read(std::uint64_t offset, std::span<std::byte> into) override {
    const auto called = disk_.enter();
    if (!called.go) return gone();
    if (called.fault) return tl::unexpected(IoError{called.fault->code, "read", offset});
    const auto copied = copy_out(offset, into);
    if (disk_.on_read) disk_.on_read();
    return copied;
  }

  IoResult<void> write(std::uint64_t offset, std::span<const std::byte> from) override {
    return write_and_maybe_flush(offset, from, false);
  }
  IoResult<void> write_durable(std::uint64_t offset, std::span<const std::byte> from) override {
    return write_and_maybe_flush(offset, from, true);
  }

  IoResult<void> sync() override {
    const auto called = disk_.enter();
    if (!called.go) return gone();
    if (called.crash_inside) {
      disk_.die();
      return gone();
    }
    if (called.fault && called.fault->kind == Kind::error_once_then_lies) {
      disk_.inode(id_).pending.clear();  // the kernel marked the pages clean
    }
    if (called.fault && called.fault->kind != Kind::lose) {
      return tl::unexpected(IoError{called.fault->code, "sync", 0});
    }
    if (!called.fault) disk_.flush(id_);
    return end(called);
  }

  IoResult<std::uint64_t> size() override {
    const auto called = disk_.enter();
    if (!called.go) return gone();
    if (called.fault) return tl::unexpected(IoError{called.fault->code, "size", 0});
    return disk_.inode(id_).size;
  }

  Mode mode() const noexcept override {
    return {"simulated", mode_.direct ? "direct" : "buffered", mode_.read_back_proves};
  }

  std::size_t id() const { return id_; }

 private:
  IoResult<void> copy_out(std::uint64_t offset, std::span<std::byte> into) {
    for (std::size_t at = 0; at < into.size(); at += block_bytes) {
      const std::uint64_t block = (offset + at) / block_bytes;
      if (disk_.unreadable(block)) return tl::unexpected(IoError{EIO, "read", offset + at});
      disk_.read(id_, block, into.subspan(at, block_bytes));
    }
    return {};
  }

  IoResult<void> end(const Disk::Called& called) {
    if (!called.crash_after) return {};
    disk_.die();
    return gone();
  }

  /// The device knows nothing of files: one that writes elsewhere changes no size, and what lands
  /// outside this file is another's loss.
  void put_on_device(std::uint64_t offset, std::span<const std::byte> from) {
    for (std::size_t at = 0; at < from.size(); at += block_bytes) {
      if (offset + at < disk_.inode(id_).size) put(offset + at, from.subspan(at, block_bytes));
    }
  }

  void put(std::uint64_t offset, std::span<const std::byte> from) {
    Inode& node = disk_.inode(id_);
    for (std::size_t at = 0; at < from.size(); at += block_bytes) {
      if (disk_.forgetful((offset + at) / block_bytes)) continue;
      auto block = std::make_shared<Block>();
      std::memcpy(block->data(), from.data() + at, block_bytes);
      node.pending.push_back({(offset + at) / block_bytes, std::move(block), !mode_.direct});
    }
    node.size = std::max(node.size, offset + from.size());
  }

  IoResult<void> write_and_maybe_flush(std::uint64_t offset, std::span<const std::byte> from,
                                       bool durable) {
    const std::uint64_t number = disk_.calls();
    const auto called = disk_.enter();
    if (!called.go) return gone();
    disk_.count_write();
    if (disk_.on_write) disk_.on_write(number);
    for (std::size_t at = 0; at < from.size(); at += block_bytes) {
      if (disk_.broken((offset + at) / block_bytes)) {
        return tl::unexpected(IoError{EIO, "write", offset + at});
      }
    }
    if (called.fault) return faulty_write(*called.fault, offset, from, durable);
    put(offset, from);
    if (called.crash_inside) {
      disk_.die();
      return gone();
    }
    if (durable) disk_.flush(id_);
    return end(called);
  }

  IoResult<void> faulty_write(const CallFault& fault, std::uint64_t offset,
                              std::span<const std::byte> from, bool durable) {
    const auto elsewhere = static_cast<std::uint64_t>(
        static_cast<std::int64_t>(offset) + fault.target * static_cast<std::int64_t>(block_bytes));
    switch (fault.kind) {
      case Kind::lose:
        return {};
      case Kind::misdirect:
        put_on_device(elsewhere, from);
        break;
      case Kind::duplicate:
        put(offset, from);
        put_on_device(elsewhere, from);
        break;
      case Kind::error_once_then_lies:
        put(offset, from);
        disk_.inode(id_).pending.clear();
        return tl::unexpected(IoError{fault.code, "write", offset});
      default:  // an error after part of it was done
        if (fault.when == When::inside) put(offset, from);
        if (fault.when == When::after) {
          put(offset, from);
          disk_.flush(id_);
        }
        return tl::unexpected(IoError{fault.code, "write", offset});
    }
    if (durable) disk_.flush(id_);
    return {};
  }

  Disk& disk_;
  std::size_t id_;
  DiskMode mode_;
  bool locked_;
};

class SimDirectory : public io::Directory {
 public:
  SimDirectory(Disk& disk, DiskMode mode) : disk_(disk), mode_(mode) {}

  IoResult<std::unique_ptr<io::File>> open(io::Access access) override {
    const auto called = disk_.enter();
    if (!called.go) return gone();
    if (called.fault) return tl::unexpected(IoError{called.fault->code, "open", 0});
    const auto id = disk_.lookup(Disk::journal());
    if (!id) return tl::unexpected(IoError{ENOENT, "open", 0});
    const bool lock = access == io::Access::read_write;
    if (lock && !disk_.locks.insert(*id).second) {
      return tl::unexpected(IoError{EWOULDBLOCK, "lock", 0});
    }
    return std::make_unique<SimFile>(disk_, *id, mode_, lock);
  }

  IoResult<std::unique_ptr<io::File>> create() override {
    const auto called = disk_.enter();
    if (!called.go) return gone();
    if (called.fault) return tl::unexpected(IoError{called.fault->code, "create", 0});
    const std::size_t id = disk_.make_inode();
    disk_.locks.insert(id);
    return std::make_unique<SimFile>(disk_, id, mode_, true);
  }

  IoResult<void> link(io::File& created) override {
    const auto called = disk_.enter();
    if (!called.go) return gone();
    if (called.fault) return tl::unexpected(IoError{called.fault->code, "link", 0});
    if (disk_.lookup(Disk::journal())) return tl::unexpected(IoError{EEXIST, "link", 0});
    disk_.change_names({Disk::journal(), static_cast<SimFile&>(created).id(), {}, {}});
    return end(called);
  }

  IoResult<void> exchange(io::File& created, const std::string& keep_as) override {
    const auto called = disk_.enter();
    if (!called.go) return gone();
    if (called.fault) return tl::unexpected(IoError{called.fault->code, "rename", 0});
    disk_.change_names({Disk::journal(), static_cast<SimFile&>(created).id(), keep_as,
                        disk_.lookup(Disk::journal())});
    return end(called);
  }

  IoResult<void> sync() override {
    const auto called = disk_.enter();
    if (!called.go) return gone();
    if (called.fault) return tl::unexpected(IoError{called.fault->code, "sync directory", 0});
    if (called.crash_inside) {
      disk_.die();
      return gone();
    }
    disk_.sync_names();
    return end(called);
  }

  IoResult<bool> names(io::File& file) override {
    if (disk_.dead()) return gone();
    return disk_.lookup(Disk::journal()) == static_cast<SimFile&>(file).id();
  }
  IoResult<bool> locked(io::File& file) override {
    return disk_.locks.contains(static_cast<SimFile&>(file).id());
  }

 private:
  IoResult<void> end(const Disk::Called& called) {
    if (!called.crash_inside && !called.crash_after) return {};
    disk_.die();
    return gone();
  }

  Disk& disk_;
  DiskMode mode_;
};

}  // namespace

std::unique_ptr<io::Directory> directory_on(Disk& disk, DiskMode mode) {
  return std::make_unique<SimDirectory>(disk, mode);
}

}  // namespace storemark::sim
