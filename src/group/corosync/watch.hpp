// SPDX-License-Identifier: Apache-2.0
// A descriptor that is readable where any of several is.
#pragma once

#include "group/own_descriptor.hpp"
#include "io/file.hpp"

namespace storemark::corosync_group {

/// Threads: any.
class Watch {
 public:
  [[nodiscard]] static io::IoResult<Watch> make();

  [[nodiscard]] int descriptor() const noexcept { return all_.get(); }
  [[nodiscard]] io::IoResult<void> add(int descriptor);
  /// Before it is closed.
  void remove(int descriptor) noexcept;

 private:
  explicit Watch(OwnDescriptor all) noexcept : all_(std::move(all)) {}

  OwnDescriptor all_;
};

}  // namespace storemark::corosync_group
