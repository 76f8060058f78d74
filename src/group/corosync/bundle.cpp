// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/bundle.hpp"

#include <boost/endian/conversion.hpp>

namespace storemark::corosync_group {

void bundle(Bytes& out, ByteView message) {
  const std::size_t at = out.size();
  out.resize(at + bundled_head_bytes);
  boost::endian::store_little_u32(&out[at], static_cast<std::uint32_t>(message.size()));
  out.insert(out.end(), message.begin(), message.end());
}

std::optional<std::vector<ByteView>> unbundle(ByteView body) {
  if (body.size() > max_bundle_bytes) return std::nullopt;
  std::vector<ByteView> out;
  while (!body.empty()) {
    if (body.size() < bundled_head_bytes) return std::nullopt;
    const std::size_t size = boost::endian::load_little_u32(body.data());
    body = body.subspan(bundled_head_bytes);
    if (size > body.size()) return std::nullopt;
    out.push_back(body.first(size));
    body = body.subspan(size);
  }
  if (out.size() < 2) return std::nullopt;
  return out;
}

}  // namespace storemark::corosync_group
