// SPDX-License-Identifier: Apache-2.0
// Who may write the store: granting and revoking.
#include "journal/core.hpp"
#include "journal/errors.hpp"
#include "journal/interval_writer.hpp"

namespace storemark {

Result<void> Core::check_phase(Phase wanted) {
  if (auto usable = check_usable(); !usable) return usable;
  const std::lock_guard lock(mutex_);
  if (phase_ == wanted) return {};
  if (wanted == Phase::looking) {
    return fail(Errc::permit_outstanding, "the call was refused", environment_.path,
                "a permit for this journal is still held", "drop it, or finish with it, first");
  }
  return fail(Errc::permit_revoked, "the call was refused", environment_.path,
              "the permit was consumed or dropped", "get a new one");
}

std::uint64_t Core::grant_write() {
  std::uint64_t permit = 0;
  {
    const std::lock_guard lock(mutex_);
    phase_ = Phase::active;
    permit = gate_.open(current_.floor, current_.ceiling);
  }
  stride_.store(0);
  if (options_.interval.count() > 0) {
    interval_writer_ = std::make_unique<IntervalWriter>(*this, options_.interval);
  }
  return permit;
}

std::uint64_t Core::grant_update() {
  update_left_nothing_ = false;
  const std::lock_guard lock(mutex_);
  phase_ = Phase::updating;
  return gate_.next_permit();
}

void Core::revoke() {
  if (!gate_.in_own_process()) {
    // The thread and the locks stayed behind in the process that forked.
    static_cast<void>(interval_writer_.release());
    return;
  }
  gate_.shut();
  static_cast<void>(gate_.next_permit());  // the old one is no longer the one that counts
  changed_.notify_all();
  interval_writer_.reset();
  const Turn turn(*this);  // whoever was writing has finished
  const std::lock_guard lock(mutex_);
  phase_ = Phase::looking;
}

}  // namespace storemark
