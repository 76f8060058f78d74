// SPDX-License-Identifier: Apache-2.0
// The command line of store_module.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <storemark/ids.hpp>
#include <string>
#include <variant>
#include <vector>

namespace store_module {

struct Options {
  std::filesystem::path directory;
  std::filesystem::path input = "-";
  std::optional<storemark::InitialUuid> initial;
  std::optional<storemark::FinalUuid> shutdown;
  std::vector<std::string> members;
  std::filesystem::path update_from;
  std::chrono::milliseconds interval{1000};
  double rate = 0;
  bool skip_existing = true;
  bool every_event = false;
  bool check_messages = false;
  bool open_only = false;
  bool dump = false;
};

/// The options, or the status to exit with after help was shown or a mistake was named.
[[nodiscard]] std::variant<Options, int> parse_options(int argc, char** argv);

}  // namespace store_module
