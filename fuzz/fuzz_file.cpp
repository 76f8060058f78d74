// SPDX-License-Identifier: Apache-2.0
// Arbitrary bytes in the place of the journal's file. See Image::from_input for the form of an
// input, and file_mutator.cpp for how they are made to get past the checksums.
#include <xxhash.h>

#include <cstddef>
#include <cstdint>

#include "checks.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace storemark::fuzz;
  const Image image = Image::from_input({data, size});
  const auto evidence = evidence_of(image);
  check_round_trip(evidence);
  const auto facts = facts_that_matter(evidence);
  for (const auto& one : facts) check_reading(evidence, one);
  // What is slow is done for one of them, and the healing stopped at one place: which, the input
  // decides, so that each has its turn.
  const auto turn = static_cast<std::size_t>(XXH3_64bits(data, size) >> 1);
  const auto& chosen = facts[turn % facts.size()];
  check_against_reference(image, evidence, chosen);
  check_open(image, chosen, static_cast<unsigned>(turn / 16 % 7), turn / 128 % 8 * 512);
  return 0;
}
