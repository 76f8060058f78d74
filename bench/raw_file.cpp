// SPDX-License-Identifier: Apache-2.0
#include "raw_file.hpp"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>
#include <xxhash.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace storemark::bench {
namespace {

constexpr std::size_t pair_stride = 128 * 1024;
constexpr std::size_t file_bytes = 2 * pair_stride + 3 * block_bytes;
constexpr std::size_t buffer_bytes = 2 * block_bytes;

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

RawFile::~RawFile() { ::close(fd_); }

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

void RawFile::write_hashed_pair(std::uint64_t offset) {
  const XXH128_hash_t hash = XXH3_128bits(buffer_.get(), block_bytes - sizeof hash);
  for (std::size_t copy = 1; copy <= 2; ++copy) {
    std::memcpy(buffer_.get() + copy * block_bytes - sizeof hash, &hash, sizeof hash);
  }
  write(offset, 2 * block_bytes);
}

void RawFile::read(std::uint64_t offset, std::size_t bytes) {
  if (::pread(fd_, buffer_.get(), bytes, static_cast<off_t>(offset)) !=
      static_cast<ssize_t>(bytes)) {
    give_up("pread");
  }
}

void RawFile::spoil(const std::filesystem::path& path, std::uint64_t offset) {
  constexpr std::size_t bytes = 512;
  const std::string garbage(bytes, '!');
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0 || ::pwrite(fd, garbage.data(), bytes, static_cast<off_t>(offset)) < 0 ||
      ::fsync(fd) != 0) {
    give_up(path.c_str());
  }
  ::close(fd);
}

}  // namespace storemark::bench
