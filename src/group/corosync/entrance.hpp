// SPDX-License-Identifier: Apache-2.0
// Which messages count. Pure.
//
// After a change of the ring the daemons do not deliver alike: of a node that comes again each of
// the others may lack a run of its first messages, which it was given itself (totempg has half a
// packet of it from before, and throws away what does not continue it). So of each process nothing
// counts between a configuration and the first Hello of the ring in which it is, at anybody. What
// it sent and what did not count it sends again. The Hello is sent when all that was under way is
// back: then the run is over. Any configuration is treated so, for who joins knows no other.
#pragma once

#include <optional>
#include <set>

#include "group/corosync/envelope.hpp"

namespace storemark::corosync_group {

class Entrance {
 public:
  /// A configuration item has come, of this ring.
  void shut(const std::vector<Address>& members, const RingId& ring);

  enum class Verdict : std::uint8_t { counts, is_void };
  [[nodiscard]] Verdict judge(Address from, ByteView bytes);
  /// Where what was judged last is void and not even a message of ours: for people, once for each.
  [[nodiscard]] std::optional<std::string> notice();

 private:
  RingId ring_;
  std::set<Address> outside_;
  std::set<Address> noticed_;
  std::optional<std::string> notice_;
};

}  // namespace storemark::corosync_group
