// SPDX-License-Identifier: Apache-2.0
// A bounded exhaustive search over what media faults can do to a journal at rest or cut by a crash:
// the smallest number of slot faults that reaches each violation.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "support/explore.hpp"

namespace storemark::sim {

/// A scene to be damaged: at rest, or as a crash left it.
struct Ground {
  Branch branch;
  bool crashed = false;
};

/// Every scene at the end of a session, and every image of every cut of one more op, none twice.
[[nodiscard]] std::vector<Ground> grounds(Telling telling);

struct Finding {
  unsigned faults = 0;  ///< 0: not reached
  std::string story;
};

/// What was reached, and how much was looked at.
struct Search {
  std::array<Finding, violation_count> at_rest;
  std::array<Finding, violation_count> after_crash;
  Finding doubt;  ///< an answer "at least" where the bounds say it must be exact
  std::uint64_t images = 0;

  void note(const Ground& ground, unsigned faults, const std::vector<Violation>& violations,
            const std::string& story);
  [[nodiscard]] const Finding& least(Violation violation) const;
};

/// How much of the space is searched.
struct Depth {
  unsigned faults = 2;       ///< slots damaged at once
  std::uint64_t one_in = 1;  ///< of the images: all, or a seeded sample
  std::uint64_t seed = 1;
  bool cut_healing = false;   ///< and every cut of the healing of each
  bool only_earlier = false;  ///< of all damage, only earlier records that resurface
  bool only_at_rest = false;  ///< no crashed scenes
};

void search(const std::vector<Ground>& on, const Depth& depth, Search& into);

/// A command of 8 KiB that the device acknowledges and loses, misdirects or duplicates: before its
/// read-back and then a crash; and after it.
struct CommandRow {
  std::string fault;
  std::string moment;
  std::vector<Violation> reached;  ///< none twice
  std::uint64_t images = 0;
};
[[nodiscard]] std::vector<CommandRow> command_rows();

}  // namespace storemark::sim
