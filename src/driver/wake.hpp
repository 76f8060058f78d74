// SPDX-License-Identifier: Apache-2.0
// Wakes the one thread that polls its descriptor.
#pragma once

#include "io/descriptor.hpp"

namespace storemark::driver {

class Wake {
 public:
  [[nodiscard]] static io::IoResult<Wake> make();

  /// Readable from ring() until hush().
  [[nodiscard]] int descriptor() const noexcept { return event_.get(); }
  /// Threads: any.
  void ring() noexcept;
  /// What was done before a ring that this takes back is seen by our caller.
  void hush() noexcept;

 private:
  explicit Wake(io::Descriptor event) noexcept : event_(std::move(event)) {}
  io::Descriptor event_;
};

}  // namespace storemark::driver
