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
  bool has_processor_quota = false;  ///< what is used up for nothing is missed later
  bool background = false;  ///< a thread reads back; else whoever has the core calls read_back()
};

/// Whether a caller that waits may use up a processor that is idle.
[[nodiscard]] inline bool may_look_out(const Options& options, const Environment& environment) {
  return options.lookout && !environment.has_processor_quota;
}

/// The real one. Whether there is a quota is found out once in a process.
[[nodiscard]] Result<Environment> system_environment(const std::filesystem::path& directory,
                                                     const Options& options);

}  // namespace storemark
