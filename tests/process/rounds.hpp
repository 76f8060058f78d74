// SPDX-License-Identifier: Apache-2.0
// How many rounds, and with which luck: STOREMARK_ROUNDS and STOREMARK_SEED in the environment.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <string>

namespace storemark::real {

/// STOREMARK_ROUNDS, or else so many.
[[nodiscard]] unsigned rounds(unsigned otherwise);

/// Moments to wait, from STOREMARK_SEED or else from a fresh seed, which is printed.
class Luck {
 public:
  Luck();
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);
  [[nodiscard]] std::chrono::microseconds up_to(std::chrono::microseconds longest);
  /// For messages: how to have the same again.
  [[nodiscard]] std::string how_to_replay() const;

 private:
  std::uint64_t seed_;
  std::mt19937_64 random_;
};

}  // namespace storemark::real
