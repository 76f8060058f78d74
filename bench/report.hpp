// SPDX-License-Identifier: Apache-2.0
// Groups of contenders as Google Benchmark reports them, and what every such program needs.
#pragma once

#include <filesystem>
#include <vector>

#include "group.hpp"

namespace storemark::bench {

/// A directory of our own, gone at the end.
class Scratch {
 public:
  explicit Scratch(const std::filesystem::path& in);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// All of them, then the ratios on stdout.
void run_groups(std::vector<Group>& groups);

}  // namespace storemark::bench
