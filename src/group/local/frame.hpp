// SPDX-License-Identifier: Apache-2.0
// Frames on a stream socket: a head of 20 bytes and a body. PROTOCOL.md has the table. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace storemark::local_group {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline constexpr std::uint32_t frame_magic = 0x474C4D53;  // "SMLG"
inline constexpr std::uint8_t protocol_version = 1;
inline constexpr std::size_t head_bytes = 20;
/// A driver's event of 1 MiB, and room for what it puts before it.
inline constexpr std::size_t max_message_bytes = (std::size_t{1} << 20) + (std::size_t{64} << 10);
inline constexpr std::size_t max_body_bytes = max_message_bytes + 64;

enum class FrameType : std::uint8_t {
  // To the hub.
  hello = 1,
  data = 2,
  held = 3,
  leave = 4,
  // From the hub.
  sync = 16,
  item = 17,
  commit = 18,
  refused = 19,
  request = 20,
};

struct Frame {
  FrameType type{};
  ByteView body;
};

/// A whole frame; the body is the two parts together, at most max_body_bytes.
[[nodiscard]] Bytes make_frame(FrameType type, ByteView first, ByteView second = {});

enum class FrameFault : std::uint8_t { none, not_ours, version, length, damaged };
/// For people; static storage.
[[nodiscard]] std::string_view words_for(FrameFault fault) noexcept;

/// Takes frames out of a stream, however it is cut. Holds what has come, never what was promised.
class FrameReader {
 public:
  /// Room for the next bytes, at least `size`; valid until the next call.
  [[nodiscard]] std::span<std::uint8_t> room(std::size_t size);
  /// So many bytes have come into the room.
  void came(std::size_t size) noexcept { end_ += size; }

  enum class Next : std::uint8_t { frame, more, fault };
  /// `frame` stays valid until the next call. After a fault there is nothing more.
  [[nodiscard]] Next next(Frame& frame);
  [[nodiscard]] FrameFault fault() const noexcept { return fault_; }
  [[nodiscard]] std::size_t held() const noexcept { return end_ - begin_; }

 private:
  Next fail(FrameFault fault) noexcept;

  Bytes buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  FrameFault fault_ = FrameFault::none;
};

}  // namespace storemark::local_group
