// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <array>
#include <fstream>

#include "stores.hpp"

namespace storemark::cli_test {
namespace {

class Who : public StoresTest {
 protected:
  /// Who the audit log says gave the word.
  std::string recorded(const std::string& store, const Setting& setting) const {
    const std::string directory = dirty(store, 9);
    const Ran ran =
        run_tool({"discard", directory, "--if-sequence", "9", "--reason", "x"}, setting);
    EXPECT_EQ(ran.status, 0) << ran.err;
    std::ifstream file(directory + "/storemark.audit");
    return nlohmann::json::parse(file)["who"];
  }
  static std::string host() {
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return name.data();
  }
};

TEST_F(Who, IsUserAtHost) {
  const std::string who = recorded("b1", {});
  EXPECT_TRUE(who.ends_with("@" + host())) << who;
  EXPECT_GT(who.size(), host().size() + 1) << who;
}

TEST_F(Who, IsThePersonBehindSudo) {
  if (geteuid() != 0) GTEST_SKIP() << "only root believes SUDO_USER";
  EXPECT_EQ(recorded("b1", {{"SUDO_USER=alice"}, false, ""}), "alice@" + host());
  EXPECT_EQ(recorded("b2", {{"SUDO_USER=a\x1b"}, false, ""}), "a\\x1b@" + host());
}

}  // namespace
}  // namespace storemark::cli_test
