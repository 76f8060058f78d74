// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "restart/draft.hpp"

namespace storemark::restart {

/// What the members of a cluster that is not active are to do. There is at least one.
void decide_forming(Draft& draft, const Members& members);

}  // namespace storemark::restart
