// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <storemark/driver.hpp>

namespace storemark::driver {

/// Whether a member can be made with these. Errors: invalid_argument, which names the option.
[[nodiscard]] Result<void> check_options(const DriverOptions& options);

}  // namespace storemark::driver
