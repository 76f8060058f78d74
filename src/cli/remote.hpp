// SPDX-License-Identifier: Apache-2.0
// A store on another host, seen by the storemark there.
#pragma once

#include <string>
#include <vector>

#include "cli/gather.hpp"

namespace storemark::cli {

/// Runs `rsh HOST storemark examine -o json DIR` (collect, for everything) and reads what it
/// prints. A host that does not answer, or not like this, gives one store with an error: it is
/// missing. Errors: invalid_argument.
[[nodiscard]] Result<std::vector<Store>> look_at_host(const std::string& name,
                                                      const std::string& rsh,
                                                      Depth depth = Depth::journal);

}  // namespace storemark::cli
