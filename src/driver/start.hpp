// SPDX-License-Identifier: Apache-2.0
// Driver::start() with the clock to choose.
#pragma once

#include <chrono>
#include <functional>
#include <storemark/driver.hpp>

namespace storemark::driver {

struct Timing {
  /// How often a waiting member says so: with room to spare below the second that is promised.
  std::chrono::milliseconds beat{500};
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

[[nodiscard]] Result<std::unique_ptr<Driver>> start(const DriverOptions& options, Broker& broker,
                                                    const Driver::Join& join,
                                                    const Timing& timing = {});

}  // namespace storemark::driver
