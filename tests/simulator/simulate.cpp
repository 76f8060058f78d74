// SPDX-License-Identifier: Apache-2.0
// usage: simulate [EVENTS [SEED]]: simulated clusters from SEED on, until there were so many
// events.
#include <cstdio>
#include <cstdlib>

#include "simulator/campaign.hpp"

int main(int count, char** words) {
  using namespace storemark::simulator;
  Campaign campaign;
  if (count > 1) campaign.events = std::strtoull(words[1], nullptr, 10);
  if (count > 2) campaign.seed = std::strtoull(words[2], nullptr, 10);
  const Findings findings = run_campaign(campaign);
  std::printf("%s%s", to_string(findings).c_str(), findings.story.c_str());
  return findings.story.empty() ? 0 : 1;
}
