// SPDX-License-Identifier: Apache-2.0
#include "require.hpp"

#include <cstdio>
#include <cstdlib>

#include "describe.hpp"

namespace storemark::fuzz {
namespace {

const recovery::Evidence* evidence_at_hand = nullptr;
const StoreFacts* facts_at_hand = nullptr;

}  // namespace

AtHand::AtHand(const recovery::Evidence& evidence, const StoreFacts& facts) {
  evidence_at_hand = &evidence;
  facts_at_hand = &facts;
}

AtHand::~AtHand() {
  evidence_at_hand = nullptr;
  facts_at_hand = nullptr;
}

void require(bool holds, std::string_view what) {
  if (holds) return;
  if (evidence_at_hand != nullptr) {
    const auto reading = recovery::read(*evidence_at_hand, *facts_at_hand);
    std::fprintf(stderr, "%s%sread as: %s", describe(*facts_at_hand).c_str(),
                 describe(*evidence_at_hand).c_str(), describe(reading.verdict).c_str());
  }
  std::fprintf(stderr, "broken: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

void require_same(const Verdict& now, const Verdict& before, std::string_view what) {
  const bool same = now.diagnosis == before.diagnosis && now.state == before.state &&
                    now.floor == before.floor && now.ceiling == before.ceiling;
  if (!same) {
    std::fprintf(stderr, "now: %sbefore: %s", describe(now).c_str(), describe(before).c_str());
  }
  require(same, what);
}

}  // namespace storemark::fuzz
