// SPDX-License-Identifier: Apache-2.0
// The one source of chance of a simulation: the same on every machine for the same seed.
#pragma once

#include <cstdint>
#include <storemark/ids.hpp>

namespace storemark::simulator {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    // SplitMix64, by Sebastiano Vigna, in the public domain.
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  /// From 0 to bound - 1; 0 where the bound is 0.
  std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
  std::uint64_t between(std::uint64_t least, std::uint64_t most) {
    return least + below(most - least + 1);
  }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  template <class List>
  auto& pick(List& from) {
    return from[below(from.size())];
  }
  Uuid uuid() {
    Uuid out;
    for (std::size_t half = 0; half < 2; ++half) {
      const std::uint64_t word = next();
      for (std::size_t i = 0; i < 8; ++i) {
        out.bytes.at(half * 8 + i) = static_cast<std::uint8_t>(word >> (8 * i));
      }
    }
    return out;
  }

 private:
  std::uint64_t state_;
};

}  // namespace storemark::simulator
