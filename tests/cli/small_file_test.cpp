// SPDX-License-Identifier: Apache-2.0
#include "cli/small_file.hpp"

#include <sys/stat.h>

#include <fstream>

#include "stores.hpp"

namespace storemark::cli {
namespace {

class SmallFile : public cli_test::StoresTest {
 protected:
  std::string file(const std::string& text) const {
    std::ofstream(path("file")) << text;
    return path("file");
  }
};

TEST_F(SmallFile, TheEndAndWhetherItIsAll) {
  const std::string name = file("0123456789");
  EXPECT_EQ(read_end(name, 4)->bytes, "6789");
  EXPECT_FALSE(read_end(name, 4)->whole);
  EXPECT_EQ(read_end(name, 10)->bytes, "0123456789");
  EXPECT_TRUE(read_end(name, 10)->whole);
  EXPECT_EQ(read_at(name, 8, 4), "89");
  EXPECT_EQ(read_at(name, 80, 4), "");
}

TEST_F(SmallFile, OnlyARegularFileIsRead) {
  EXPECT_FALSE(read_end(path("nothing"), 4));
  EXPECT_FALSE(read_end(root_, 4));
  const std::string pipe = path("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_FALSE(read_end(pipe, 4));  // and nobody waits for a writer
  std::filesystem::create_symlink(file("secret"), path("link"));
  EXPECT_FALSE(read_at(path("link"), 0, 4));
  EXPECT_FALSE(read_end("/dev/zero", 4));
}

}  // namespace
}  // namespace storemark::cli
