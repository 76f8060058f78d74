// SPDX-License-Identifier: Apache-2.0
// Joining the group, which may take as long as its daemon takes to come up.
#pragma once

#include <chrono>
#include <storemark/driver.hpp>

namespace storemark::driver {

/// What `join` returns. Until it does, the broker is told every `beat`, from a thread of its own,
/// that the group is waited for. Errors: those of `join`; broker_failed, where status() threw;
/// io_failed; invalid_argument.
[[nodiscard]] Result<std::unique_ptr<Group>> join_group(const Driver::Join& join, Broker& broker,
                                                        const DriverOptions& options,
                                                        std::chrono::milliseconds beat);

}  // namespace storemark::driver
