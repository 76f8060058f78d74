// SPDX-License-Identifier: Apache-2.0
#include "cli/probe_judge.hpp"

#include <gtest/gtest.h>

namespace storemark::cli {
namespace {

FilesystemFacts disk() {
  FilesystemFacts out;
  out.type = "ext4";
  out.medium = Medium::device;
  out.options = "rw,relatime";
  out.rotational = false;
  out.write_cache = "write back";
  return out;
}

Measured took(std::uint64_t buffered, std::uint64_t durable) {
  Measured out;
  out.buffered = {100, buffered, buffered, buffered};
  out.durable_4k = out.durable_8k = {100, durable, durable, durable};
  return out;
}

SyncVerdict verdict(const FilesystemFacts& facts, const Measured& measured) {
  const Judgement judged = judge(facts, measured);
  EXPECT_FALSE(judged.why.empty());
  return judged.verdict;
}

TEST(ProbeJudge, AWriteThatWaitsForTheDeviceIsPlausible) {
  EXPECT_EQ(verdict(disk(), took(400, 90'000)), SyncVerdict::plausible);
}

TEST(ProbeJudge, NoWaitIsDoubtful) {
  EXPECT_EQ(verdict(disk(), took(400, 700)), SyncVerdict::doubtful);
  EXPECT_EQ(verdict(disk(), took(400, 5'000)), SyncVerdict::doubtful);
  FilesystemFacts through = disk();
  through.write_cache = "write through";
  EXPECT_EQ(verdict(through, took(400, 5'000)), SyncVerdict::plausible);
}

TEST(ProbeJudge, ADiskThatTurnsNeedsATurn) {
  FilesystemFacts turning = disk();
  turning.rotational = true;
  EXPECT_EQ(verdict(turning, took(400, 90'000)), SyncVerdict::doubtful);
  EXPECT_EQ(verdict(turning, took(400, 8'000'000)), SyncVerdict::plausible);
}

TEST(ProbeJudge, AMountWithoutBarriersIsDoubtful) {
  FilesystemFacts facts = disk();
  facts.options = "rw,nobarrier";
  EXPECT_EQ(verdict(facts, took(400, 90'000)), SyncVerdict::doubtful);
  facts.options = "rw,nobarriers-at-all";
  EXPECT_EQ(verdict(facts, took(400, 90'000)), SyncVerdict::plausible);
}

TEST(ProbeJudge, WhatOthersHaveToKeepIsNotKnown) {
  for (const Medium medium :
       {Medium::network, Medium::program, Medium::stacked, Medium::unknown, Medium::memory}) {
    FilesystemFacts facts = disk();
    facts.medium = medium;
    const SyncVerdict judged = verdict(facts, took(400, 90'000));
    EXPECT_EQ(judged, medium == Medium::memory ? SyncVerdict::none : SyncVerdict::unknown);
    EXPECT_EQ(exit_status(judged), ExitStatus::refused);
  }
  EXPECT_EQ(exit_status(SyncVerdict::plausible), ExitStatus::safe);
}

}  // namespace
}  // namespace storemark::cli
