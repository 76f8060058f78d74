// SPDX-License-Identifier: Apache-2.0
// Driver::start() with the beat of its status to choose.
#pragma once

#include <chrono>
#include <storemark/driver.hpp>

namespace storemark::driver {

[[nodiscard]] Result<std::unique_ptr<Driver>> start(const DriverOptions& options, Broker& broker,
                                                    const Driver::Join& join,
                                                    std::chrono::milliseconds beat);

}  // namespace storemark::driver
