// SPDX-License-Identifier: Apache-2.0
// Pages of documentation that a test writes in part, and holds against what they should say.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace storemark::test {

[[nodiscard]] inline std::string read_page(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Holds the part between "<!-- generated from SOURCE;" and "<!-- end -->" against what it should
/// be. STOREMARK_REGENERATE=1 rewrites it.
inline void check_generated(const std::string& path, const std::string& source,
                            const std::string& expected) {
  std::string text = read_page(path);
  const std::size_t mark = text.find("<!-- generated from " + source + ";");
  ASSERT_NE(mark, std::string::npos) << source;
  const std::size_t begin = text.find('\n', mark) + 1;
  const std::size_t size = text.find("<!-- end -->", begin) - begin;
  if (std::getenv("STOREMARK_REGENERATE") != nullptr) {
    std::ofstream(path) << text.replace(begin, size, expected);
    return;
  }
  EXPECT_EQ(text.substr(begin, size), expected) << "STOREMARK_REGENERATE=1 rewrites it";
}

}  // namespace storemark::test
