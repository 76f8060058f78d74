// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/address.hpp"

#include <array>
#include <charconv>

namespace storemark::corosync_group {

std::string to_string(const Address& address) {
  return "node " + std::to_string(address.nodeid) + ", pid " + std::to_string(address.pid);
}

std::string to_string(const RingId& ring) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), ring.seq, 16).ptr;
  return std::to_string(ring.nodeid) + "." + std::string(digits.data(), end);
}

}  // namespace storemark::corosync_group
