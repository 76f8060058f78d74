// SPDX-License-Identifier: Apache-2.0
// The command line of minibroker.
#pragma once

#include <cstdint>
#include <filesystem>
#include <storemark/driver.hpp>
#include <string>
#include <variant>

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

/// What to do, or the status to exit with after help was shown or a mistake was named.
[[nodiscard]] std::variant<ServeOptions, DumpOptions, SendOptions, int> parse_options(int argc,
                                                                                      char** argv);

}  // namespace minibroker
