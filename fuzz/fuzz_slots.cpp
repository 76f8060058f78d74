// SPDX-License-Identifier: Apache-2.0
// Records of every kind in the nine places, whole, damaged, misplaced and forged: see scenario.hpp.
#include <cstddef>
#include <cstdint>

#include "checks.hpp"
#include "scenario.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace storemark::fuzz;
  const Scenario scenario = scenario_from({data, size});
  const auto evidence = evidence_of(scenario.image);
  check_round_trip(evidence);
  check_reading(evidence, scenario.facts);
  for (const auto& facts : facts_that_matter(evidence)) check_reading(evidence, facts);
  check_against_reference(scenario.image, evidence, scenario.facts);
  check_open(scenario.image, scenario.facts, scenario.healing_writes, scenario.healing_torn_at);
  return 0;
}
