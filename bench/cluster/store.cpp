// SPDX-License-Identifier: Apache-2.0
#include "store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace storemark::bench {
namespace {

Result<void> failed(const char* call, const std::filesystem::path& file) {
  return tl::unexpected(Error{Errc::io_failed, "the store cannot go on", file, call,
                              "see what the system says of it", errno});
}

std::uint64_t count_in(const std::filesystem::path& file) {
  std::uint64_t out = 0;
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  if (::pread(fd, &out, sizeof out, 0) != sizeof out) out = 0;
  ::close(fd);
  return out;
}

Result<void> write_count(const std::filesystem::path& file, std::uint64_t count) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return failed("open", file);
  const bool good = ::pwrite(fd, &count, sizeof count, 0) == sizeof count && ::fdatasync(fd) == 0;
  Result<void> out;
  if (!good) out = failed("pwrite, fdatasync", file);
  ::close(fd);
  return out;
}

}  // namespace

void CountingStore::await_ready() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return ready_; });
}

void CountingStore::await_confirmed(std::uint64_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return confirmed_ >= count; });
}

void CountingStore::await_room() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return rooms_ > 0; });
  --rooms_;
}

Result<StoreFacts> CountingStore::look() {
  if (!file_.empty()) count_ = count_in(file_);
  StoreFacts out;
  out.content = count_ == 0 ? StoreContent::holds_nothing : StoreContent::holds_data;
  if (count_ != 0) out.sequence = count_;
  return out;
}

Result<void> CountingStore::discard() {
  count_ = 0;
  return sync();
}

Result<std::uint64_t> CountingStore::take_update(const UpdateTicket& donor,
                                                 UpdateProgress& /*progress*/) {
  count_ = count_in(donor.address);
  if (auto written = sync(); !written) return tl::unexpected(written.error());
  return count_;
}

Result<void> CountingStore::activated(std::uint64_t sequence) {
  count_ = sequence;
  return {};
}

Result<void> CountingStore::apply(std::uint64_t n, std::span<const std::uint8_t> /*event*/) {
  count_ = n;
  return {};
}

Result<void> CountingStore::sync() {
  return file_.empty() ? Result<void>() : write_count(file_, count_);
}

void CountingStore::confirmed(std::uint64_t /*token*/, std::uint64_t /*n*/) {
  const std::lock_guard lock(mutex_);
  ++confirmed_;
  changed_.notify_all();
}

void CountingStore::room() {
  const std::lock_guard lock(mutex_);
  ++rooms_;
  changed_.notify_all();
}

void CountingStore::status(const Status& status) {
  {
    const std::lock_guard lock(mutex_);
    ready_ = status.ready;
    changed_.notify_all();
  }
  if (on_status) on_status(status);
}

void CountingStore::stopped(const Stopped& how) {
  if (on_stopped) on_stopped(how);
}

}  // namespace storemark::bench
