// SPDX-License-Identifier: Apache-2.0
#include "cli/filesystem.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace storemark::cli {
namespace {

TEST(Filesystem, KnowsWhoHasToKeepASync) {
  EXPECT_EQ(medium_of("ext4"), Medium::device);
  EXPECT_EQ(medium_of("nfs4"), Medium::network);
  EXPECT_EQ(medium_of("cifs"), Medium::network);
  EXPECT_EQ(medium_of("9p"), Medium::network);
  EXPECT_EQ(medium_of("fuse.sshfs"), Medium::program);
  EXPECT_EQ(medium_of("overlay"), Medium::stacked);
  EXPECT_EQ(medium_of("tmpfs"), Medium::memory);
  EXPECT_EQ(medium_of("newfs"), Medium::unknown);
}

TEST(Filesystem, OfADirectoryOfThisHost) {
  const auto facts = filesystem_facts("/proc");
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->type, "proc");
  EXPECT_EQ(facts->mount_point, "/proc");
  const auto json = to_json(*filesystem_facts("/"));
  EXPECT_GT(json["total_bytes"].get<std::uint64_t>(), 0U);
}

TEST(Filesystem, WhatIsNoDirectory) {
  EXPECT_EQ(filesystem_facts("/nowhere").error().code, Errc::directory_missing);
  EXPECT_EQ(filesystem_facts("/dev/null").error().code, Errc::directory_missing);
}

}  // namespace
}  // namespace storemark::cli
