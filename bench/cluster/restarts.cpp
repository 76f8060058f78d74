// SPDX-License-Identifier: Apache-2.0
#include "restarts.hpp"

#include "member.hpp"

namespace storemark::bench {
Contender death(std::string name, std::shared_ptr<Fleet> fleet, std::size_t member, Beside beside) {
  Contender out;
  out.name = std::move(name);
  // Each turn begins with all of them anew: so it is known who leads.
  out.once = [fleet, member, beside] {
    fleet->start_led();
    fleet->await(fleet->size());
    const std::int64_t begun = steady_nanoseconds();
    if (beside.kill) beside.kill();
    fleet->kill(member);
    const std::int64_t ended = fleet->await(fleet->size() - 1);
    fleet->shut_down();
    if (beside.mend) beside.mend();
    return std::chrono::nanoseconds(ended - begun);
  };
  return out;
}

Contender restart(std::string name, std::shared_ptr<Fleet> fleet) {
  Contender out;
  out.name = std::move(name);
  out.once = [fleet] {
    const std::int64_t begun = steady_nanoseconds();
    fleet->start_all();
    const std::int64_t ended = fleet->await(fleet->size());
    // So that there is something to restore; the first time founds.
    fleet->process(0).tell("publish");
    fleet->shut_down();
    return std::chrono::nanoseconds(ended - begun);
  };
  return out;
}

}  // namespace storemark::bench
