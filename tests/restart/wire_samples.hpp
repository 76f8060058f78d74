// SPDX-License-Identifier: Apache-2.0
// Messages of the restart protocol for tests.
#pragma once

#include <rapidcheck.h>

#include "restart/wire.hpp"

namespace storemark::test {

/// A dirty member "b" at 10 to 20, in a view of two, after one earlier view.
[[nodiscard]] wire::Announce plain_announce();
/// Every field set, every list and text as long as it may be.
[[nodiscard]] wire::Announce full_announce();
/// One of each kind, the announcement a full one.
[[nodiscard]] std::vector<wire::Message> one_of_each();

/// Any message that keeps to the bounds; of an event, a short one.
[[nodiscard]] rc::Gen<wire::Message> any_message();

using WireBytes = std::vector<std::uint8_t>;
/// Why they are no message.
[[nodiscard]] inline std::string refusal(const WireBytes& bytes) {
  const auto decoded = wire::decode(bytes);
  return decoded ? "(a message)" : decoded.error();
}
/// Sets length and checksum right, whatever else the bytes say.
void reseal(WireBytes& message);

}  // namespace storemark::test
