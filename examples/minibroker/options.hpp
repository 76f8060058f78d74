// SPDX-License-Identifier: Apache-2.0
// The command line of minibroker.
#pragma once

#include <cstdint>
#include <filesystem>
#include <storemark/driver.hpp>
#include <string>
#include <variant>
#include <vector>

namespace minibroker {

/// To be a member.
struct ServeOptions {
  std::filesystem::path socket;
  std::filesystem::path group;  ///< of a local group
  storemark::DriverOptions driver;
};

/// To print a store.
struct DumpOptions {
  std::filesystem::path directory;
};

/// To publish lines.
struct SendOptions {
  std::filesystem::path socket;
  std::string queue;
  double rate = 0;  ///< lines per second; 0: no limit
};

/// To send requests as they stand.
struct AskOptions {
  std::filesystem::path socket;
  std::vector<std::string> lines;
};

using Chosen = std::variant<ServeOptions, DumpOptions, SendOptions, AskOptions, int>;

/// What to do, or the status to exit with after help was shown or a mistake was named.
[[nodiscard]] Chosen parse_options(int argc, char** argv);

}  // namespace minibroker
