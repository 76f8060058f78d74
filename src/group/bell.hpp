// SPDX-License-Identifier: Apache-2.0
// A descriptor that is readable from one moment to another, for whoever polls it.
#pragma once

#include "group/own_descriptor.hpp"
#include "io/file.hpp"

namespace storemark {

/// Threads: one at a time; the descriptor may be polled by any.
class Bell {
 public:
  [[nodiscard]] static io::IoResult<Bell> make();

  [[nodiscard]] int descriptor() const noexcept { return event_.get(); }
  /// Readable from here on. A system call only where it was not.
  void ring() noexcept;
  /// Readable no more; as cheap.
  void hush() noexcept;

 private:
  explicit Bell(OwnDescriptor event) noexcept : event_(std::move(event)) {}

  OwnDescriptor event_;
  bool rung_ = false;
};

}  // namespace storemark
