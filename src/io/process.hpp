// SPDX-License-Identifier: Apache-2.0
// Which process this is.
#pragma once

#include <unistd.h>

namespace storemark::io {

[[nodiscard]] inline int this_process() noexcept { return static_cast<int>(::getpid()); }

}  // namespace storemark::io
