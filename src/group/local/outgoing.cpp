// SPDX-License-Identifier: Apache-2.0
#include "group/local/outgoing.hpp"

#include <algorithm>

namespace storemark::local_group {

void Outgoing::gather(std::vector<ByteView>& out, std::size_t limit) const {
  std::size_t skip = offset_;
  for (const Entry& entry : queue_) {
    if (out.size() >= limit) return;
    out.push_back(ByteView(*entry.frame).subspan(skip));
    skip = 0;
  }
}

std::uint64_t Outgoing::wrote(std::size_t bytes) {
  std::uint64_t tag = 0;
  offset_ += bytes;
  while (!queue_.empty() && offset_ >= queue_.front().frame->size()) {
    offset_ -= queue_.front().frame->size();
    tag = std::max(tag, queue_.front().tag);
    queue_.pop_front();
  }
  return tag;
}

}  // namespace storemark::local_group
