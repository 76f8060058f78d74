// SPDX-License-Identifier: Apache-2.0
// Frames on their way into one stream socket. A frame that goes to many is shared. Pure.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "group/local/frame.hpp"

namespace storemark::local_group {

using SharedFrame = std::shared_ptr<const Bytes>;

[[nodiscard]] inline SharedFrame share(Bytes frame) {
  return std::make_shared<const Bytes>(std::move(frame));
}

class Outgoing {
 public:
  /// `tag` is given back when the whole frame is on its way; 0 for frames of which nobody asks.
  void push(SharedFrame frame, std::uint64_t tag = 0) { queue_.push_back({std::move(frame), tag}); }
  [[nodiscard]] bool empty() const noexcept { return queue_.empty(); }
  void clear() noexcept {
    queue_.clear();
    offset_ = 0;
  }
  /// What is to be written next, at most `limit` pieces.
  void gather(std::vector<ByteView>& out, std::size_t limit) const;
  /// So many bytes of it were written. Returns the greatest tag among the frames that ended.
  std::uint64_t wrote(std::size_t bytes);

 private:
  struct Entry {
    SharedFrame frame;
    std::uint64_t tag;
  };
  std::deque<Entry> queue_;
  std::size_t offset_ = 0;  ///< what of the first is written
};

}  // namespace storemark::local_group
