// SPDX-License-Identifier: Apache-2.0
#include "group/bell.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

#include "io/descriptor.hpp"

namespace storemark {

io::IoResult<Bell> Bell::make() {
  OwnDescriptor event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!event) return io::failed("eventfd");
  return Bell(std::move(event));
}

void Bell::ring() noexcept {
  if (rung_) return;
  rung_ = true;
  const std::uint64_t one = 1;
  // Fails only where it has rung 2^64 times.
  static_cast<void>(!::write(event_.get(), &one, sizeof one));
}

void Bell::hush() noexcept {
  if (!rung_) return;
  rung_ = false;
  std::uint64_t times = 0;
  static_cast<void>(!::read(event_.get(), &times, sizeof times));
}

}  // namespace storemark
