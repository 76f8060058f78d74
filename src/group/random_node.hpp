// SPDX-License-Identifier: Apache-2.0
// A number for a node that nobody else has.
#pragma once

#include <cstdint>

namespace storemark {

/// Random, from 1 to `most`, which is no more than 2^63.
[[nodiscard]] std::uint64_t random_node(std::uint64_t most);

}  // namespace storemark
