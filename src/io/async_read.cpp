// SPDX-License-Identifier: Apache-2.0
#include "io/async_read.hpp"

#include <sys/syscall.h>

#include "io/descriptor.hpp"

namespace storemark::io {
namespace {

/// The completion ring that the kernel maps at the context's address, as libaio knows it: a
/// completion that is there already is taken without a system call.
struct Ring {
  std::uint32_t id;
  std::uint32_t size;
  std::uint32_t head;
  std::uint32_t tail;
  std::uint32_t magic;
};
constexpr std::uint32_t ring_magic = 0xa10a10a1;

bool take_from_ring(aio_context_t context, io_event& event) {
  auto* ring = reinterpret_cast<Ring*>(context);  // NOLINT(performance-no-int-to-ptr)
  if (ring->magic != ring_magic) return false;
  const std::uint32_t head = ring->head;
  if (head == __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE)) return false;
  constexpr std::size_t header_bytes = 32;
  event = reinterpret_cast<const io_event*>(reinterpret_cast<const std::byte*>(ring) +
                                            header_bytes)[head];
  __atomic_store_n(&ring->head, (head + 1) % ring->size, __ATOMIC_RELEASE);
  return true;
}

}  // namespace

AsyncRead::AsyncRead(int fd) noexcept : fd_(fd), process_(::getpid()) {}

AsyncRead::~AsyncRead() {
  // The ring is shared with a forked child: what that took out of it, the parent would wait for.
  if (::getpid() != process_) return;
  if (under_way_) static_cast<void>(finish());
  if (context_ != 0) ::syscall(SYS_io_destroy, context_);
}

void AsyncRead::start(std::uint64_t offset, std::span<std::byte> into) {
  offset_ = offset;
  into_ = into;
  under_way_ = false;
  if (refused_) return;
  if (context_ == 0 && ::syscall(SYS_io_setup, 1, &context_) != 0) {
    refused_ = true;
    context_ = 0;
    return;
  }
  request_ = {};
  request_.aio_fildes = static_cast<std::uint32_t>(fd_);
  request_.aio_lio_opcode = IOCB_CMD_PREAD;
  request_.aio_buf = reinterpret_cast<std::uint64_t>(into.data());
  request_.aio_nbytes = into.size();
  request_.aio_offset = static_cast<std::int64_t>(offset);
  iocb* list = &request_;
  under_way_ = ::syscall(SYS_io_submit, context_, 1, &list) == 1;
}

IoResult<void> AsyncRead::finish() {
  under_way_ = false;
  io_event event{};
  while (!take_from_ring(context_, event)) {
    const long got = ::syscall(SYS_io_getevents, context_, 1, 1, &event, nullptr);
    if (got == 1) break;
    if (got < 0 && errno != EINTR) return failed("io_getevents", offset_);
  }
  if (event.res < 0) return failed_with(static_cast<int>(-event.res), "read", offset_);
  if (static_cast<std::size_t>(event.res) != into_.size()) {
    return failed_with(ENODATA, "read", offset_);
  }
  return {};
}

}  // namespace storemark::io
