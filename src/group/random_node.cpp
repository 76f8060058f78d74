// SPDX-License-Identifier: Apache-2.0
#include "group/random_node.hpp"

#include <cstring>
#include <storemark/ids.hpp>

namespace storemark {

std::uint64_t random_node(std::uint64_t most) {
  const Uuid random = new_uuid();
  std::uint64_t out = 0;
  std::memcpy(&out, random.bytes.data(), 6);  // the last two bytes: the others are not all random
  out |= std::uint64_t{random.bytes[14]} << 48 | std::uint64_t{random.bytes[15]} << 56;
  return out % most + 1;
}

}  // namespace storemark
