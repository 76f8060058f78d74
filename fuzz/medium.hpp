// SPDX-License-Identifier: Apache-2.0
// An image as a medium that the journal itself can open, heal and read back: no page cache, no
// lock, no clock. The crash tests have the device that lies; this one only stops.
#pragma once

#include <memory>

#include "image.hpp"
#include "journal/environment.hpp"

namespace storemark::fuzz {

struct Medium {
  explicit Medium(const Image& holds) : image(holds) {}

  Image image;
  bool read_back_proves = true;
  unsigned writes = 0;
  /// So many writes arrive, then the device is gone; the one that is cut may leave a torn block.
  unsigned writes_left = ~0U;
  std::size_t torn_at = 0;  ///< so many bytes of it arrive
};

/// Environments over `medium`, which must outlive them.
[[nodiscard]] Environment environment_on(Medium& medium);

}  // namespace storemark::fuzz
