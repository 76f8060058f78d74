// SPDX-License-Identifier: Apache-2.0
// One end of a stream socket that speaks frames. Never waits.
#pragma once

#include "group/local/outgoing.hpp"
#include "group/own_descriptor.hpp"

namespace storemark::local_group {

class Link {
 public:
  explicit Link(OwnDescriptor socket) noexcept : socket_(std::move(socket)) {}

  [[nodiscard]] int descriptor() const noexcept { return socket_.get(); }
  enum class Read : std::uint8_t { some, nothing, end };
  /// Takes what has come, up to a bound; `end` only after all that had come was taken.
  [[nodiscard]] Read read();
  [[nodiscard]] FrameReader& frames() noexcept { return frames_; }
  /// Writes what goes, of one call's worth; how many bytes. 0 where none does.
  [[nodiscard]] std::size_t write(const Outgoing& out);
  /// The other end takes no more. What it has sent can still be read.
  [[nodiscard]] bool is_deaf() const noexcept { return deaf_; }

 private:
  OwnDescriptor socket_;
  FrameReader frames_;
  std::vector<ByteView> pieces_;
  bool deaf_ = false;
};

}  // namespace storemark::local_group
