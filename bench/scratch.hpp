// SPDX-License-Identifier: Apache-2.0
// A directory of a program's own, gone at its end.
#pragma once

#include <unistd.h>

#include <filesystem>

namespace storemark::bench {

class Scratch {
 public:
  explicit Scratch(const std::filesystem::path& in)
      : path_(in / ("storemark-bench-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace storemark::bench
