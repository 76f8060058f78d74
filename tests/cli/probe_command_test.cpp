// SPDX-License-Identifier: Apache-2.0
// storemark probe, on this host's own filesystems.
#include "stores.hpp"

namespace storemark::cli_test {
namespace {

class ProbeCommand : public StoresTest {};

TEST_F(ProbeCommand, SaysWhatItCannotKnow) {
  const Ran ran = run_tool({"probe", root_, "--count", "3"});
  EXPECT_TRUE(ran.status == 0 || ran.status == 8) << ran.err;
  EXPECT_TRUE(ran.says("is a sync honoured here?")) << ran.out;
  EXPECT_TRUE(ran.says_in_words("only by cutting its power")) << ran.out;
  EXPECT_TRUE(std::filesystem::is_empty(root_));
}

TEST_F(ProbeCommand, Json) {
  const Ran ran = run_tool({"probe", "--json", root_, "--count", "3"});
  const auto json = ran.json();
  EXPECT_EQ(json["schema"], "storemark.probe/1");
  EXPECT_EQ(json["exit"], ran.status);
  EXPECT_EQ(json["durable_8k"]["count"], 3);
  EXPECT_GT(json["filesystem"]["total_bytes"], 0);
}

TEST_F(ProbeCommand, MemoryKeepsNothing) {
  if (!std::filesystem::is_directory("/dev/shm")) GTEST_SKIP() << "no /dev/shm on this system";
  const Ran ran = run_tool({"probe", "--json", "/dev/shm", "--count", "1"});
  const auto json = ran.json();
  if (json["filesystem"]["type"] != "tmpfs") GTEST_SKIP() << "/dev/shm is no tmpfs here";
  EXPECT_EQ(ran.status, 8);
  EXPECT_EQ(json["verdict"], "none");
}

TEST_F(ProbeCommand, WhatIsNoDirectory) {
  EXPECT_EQ(run_tool({"probe", path("nowhere")}).status, 1);
  EXPECT_EQ(run_tool({"probe"}).status, 2);
  EXPECT_EQ(run_tool({"probe", root_, "--count", "0"}).status, 2);
  EXPECT_EQ(run_tool({"probe", root_, "--count", "100001"}).status, 2);
}

}  // namespace
}  // namespace storemark::cli_test
