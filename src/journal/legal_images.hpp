// SPDX-License-Identifier: Apache-2.0
// Which images of the six slots a correct run can leave, stopped at any moment. Pure; FORMAT.md
// lists the same images in prose, and a test derives them anew from the writer's rules.
#pragma once

#include <array>
#include <cstdint>
#include <storemark/examine.hpp>

namespace storemark::legal {

/// One slot, told relative to the newest record.
enum class Age : std::int8_t {
  newer_by_two = -2,  ///< never seen; what may have been there
  newer_by_one = -1,
  newest = 0,
  one = 1,    ///< the parent of the newest record
  two = 2,    ///< its parent
  three = 3,  ///< and so on
  four = 4,
  torn = 16,   ///< what a write that was cut can leave: zero or invalid
  fault = 17,  ///< what only a fault of the medium can leave
};

using Image = std::array<Age, slot_count>;

/// Every slot whole, and what a sequence of finished writes leaves: nothing is to be healed.
[[nodiscard]] bool is_settled(const Image& image);

/// The fewest slots that differ from an image that a correct run can leave; at most 6.
[[nodiscard]] unsigned distance(const Image& image);

/// The fewest slot faults by which a correct run that had acknowledged a newer record could come to
/// look like this.
[[nodiscard]] unsigned faults_to_hide_newer(const Image& image);

}  // namespace storemark::legal
