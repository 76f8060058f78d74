// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "restart/draft.hpp"

namespace storemark::restart {

/// What the joiners of an active cluster are to do. At least one member is active.
void decide_joining(Draft& draft, const Members& members);

}  // namespace storemark::restart
