// SPDX-License-Identifier: Apache-2.0
// Where the fuzzers begin: one journal of every kind, one message of every kind.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace storemark::fuzz {

struct Seed {
  std::string name;
  std::vector<std::uint8_t> bytes;
};

[[nodiscard]] std::vector<Seed> file_seeds();
[[nodiscard]] std::vector<Seed> group_seeds();
[[nodiscard]] std::vector<Seed> slots_seeds();
[[nodiscard]] std::vector<Seed> wire_seeds();

}  // namespace storemark::fuzz
