// SPDX-License-Identifier: Apache-2.0
// A temporary directory for the tests of minibroker's parts.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace minibroker {

class StoreDirectory : public testing::Test {
 protected:
  StoreDirectory() {
    std::signal(SIGPIPE, SIG_IGN);  // as the program does
    std::string name = (std::filesystem::temp_directory_path() / "minibroker.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = name;
  }
  ~StoreDirectory() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path directory_;
};

}  // namespace minibroker
