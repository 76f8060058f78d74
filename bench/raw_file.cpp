// SPDX-License-Identifier: Apache-2.0
#include "raw_file.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace storemark::bench {
namespace {

constexpr std::size_t pair_stride = 128 * 1024;
constexpr std::size_t file_bytes = 2 * pair_stride + 3 * block_bytes;
constexpr std::size_t buffer_bytes = 16 * block_bytes;

}  // namespace

void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

std::uint64_t slot_offset(std::size_t slot) {
  return slot / 2 * pair_stride + slot % 2 * block_bytes;
}

void RawFile::Free::operator()(std::byte* data) const noexcept { std::free(data); }

RawFile::RawFile(const std::filesystem::path& path, How how)
    : how_(how), buffer_(static_cast<std::byte*>(std::aligned_alloc(block_bytes, buffer_bytes))) {
  if (!buffer_) give_up("memory");
  std::memset(buffer_.get(), 0, buffer_bytes);
  const int plain = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (plain < 0) give_up(path.c_str());
  for (std::size_t at = 0; at < file_bytes; at += block_bytes) {
    if (::pwrite(plain, buffer_.get(), block_bytes, static_cast<off_t>(at)) < 0) give_up("pwrite");
  }
  if (::fsync(plain) != 0) give_up("fsync");
  fd_ = how == How::direct ? ::open(path.c_str(), O_RDWR | O_DIRECT | O_CLOEXEC) : ::dup(plain);
  if (fd_ < 0) give_up("open with O_DIRECT");
  ::close(plain);
}

RawFile::~RawFile() {
  if (context_ != 0) ::syscall(SYS_io_destroy, context_);
  ::close(fd_);
}

void RawFile::write(std::uint64_t offset, std::size_t bytes) {
  ++reinterpret_cast<unsigned char&>(*buffer_);
  const iovec piece{buffer_.get(), bytes};
  const int flags = how_ == How::direct ? RWF_DSYNC : 0;
  if (::pwritev2(fd_, &piece, 1, static_cast<off_t>(offset), flags) !=
      static_cast<ssize_t>(bytes)) {
    give_up("pwritev2");
  }
  if (how_ == How::buffered && ::fdatasync(fd_) != 0) give_up("fdatasync");
}

void RawFile::read(std::uint64_t offset, std::size_t bytes) {
  if (::pread(fd_, buffer_.get(), bytes, static_cast<off_t>(offset)) !=
      static_cast<ssize_t>(bytes)) {
    give_up("pread");
  }
}

void RawFile::start_read(std::uint64_t offset, std::size_t bytes) {
  if (context_ == 0 && ::syscall(SYS_io_setup, 1, &context_) != 0) give_up("io_setup");
  iocb request{};
  request.aio_fildes = static_cast<std::uint32_t>(fd_);
  request.aio_lio_opcode = IOCB_CMD_PREAD;
  request.aio_buf = reinterpret_cast<std::uint64_t>(buffer_.get() + buffer_bytes / 2);
  request.aio_nbytes = bytes;
  request.aio_offset = static_cast<std::int64_t>(offset);
  iocb* list = &request;
  if (::syscall(SYS_io_submit, context_, 1, &list) != 1) give_up("io_submit");
}

void RawFile::finish_read() {
  io_event event{};
  if (::syscall(SYS_io_getevents, context_, 1, 1, &event, nullptr) != 1) give_up("io_getevents");
}

}  // namespace storemark::bench
