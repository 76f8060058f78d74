// SPDX-License-Identifier: Apache-2.0
#include "driver/wake.hpp"

#include <sys/eventfd.h>

#include <cstdint>

namespace storemark::driver {

io::IoResult<Wake> Wake::make() {
  io::Descriptor event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!event) return io::failed("eventfd");
  return Wake(std::move(event));
}

// Neither fails but with EAGAIN: then it is rung already, or hushed.
void Wake::ring() noexcept {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(event_.get(), &one, sizeof one));
}

void Wake::hush() noexcept {
  std::uint64_t times = 0;
  static_cast<void>(!::read(event_.get(), &times, sizeof times));
}

}  // namespace storemark::driver
