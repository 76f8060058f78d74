// SPDX-License-Identifier: Apache-2.0
// Which clean stores count as clean. Rule R9, and the sources of R10.
#pragma once

#include "restart/cluster.hpp"

namespace storemark::restart {

struct CleanStores {
  Members sources;                     ///< clean, at one position, by id
  Members others;                      ///< dirty, and clean ones that count as dirty, by id
  const Announcement* mark = nullptr;  ///< the one that an operator marked
  std::string conflict;                ///< why none of them may be taken; empty: one may
};

/// At least one member is clean.
[[nodiscard]] CleanStores sort_clean(const Members& members);

}  // namespace storemark::restart
