// SPDX-License-Identifier: Apache-2.0
// All that the journal takes from outside: names and files, random ids, the two clocks.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <storemark/ids.hpp>
#include <string>

#include "io/directory.hpp"

namespace storemark {

struct Environment {
  std::unique_ptr<io::Directory> directory;
  std::string path;  ///< of the data directory, for messages
  std::function<Uuid()> new_id;
  std::function<std::int64_t()> wall_clock;  ///< nanoseconds since 1970; advisory
  std::function<std::chrono::steady_clock::time_point()> steady_clock;
  bool background = false;  ///< a thread reads back; else whoever has the core calls read_back()
};

/// The real one.
[[nodiscard]] Result<Environment> system_environment(const std::filesystem::path& directory,
                                                     const Options& options);

}  // namespace storemark
