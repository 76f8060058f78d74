// SPDX-License-Identifier: Apache-2.0
// Who may write the store: granting and revoking.
#include <system_error>

#include "journal/background_thread.hpp"
#include "journal/core.hpp"
#include "journal/errors.hpp"

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

Result<void> Core::prepare_thread() {
  if (thread_) return {};
  const bool has_beat = options_.interval.count() > 0;
  if (!has_beat && (!environment_.background || !mode_.read_back_proves)) return {};
  auto made = BackgroundThread::make(*this, options_.interval);
  if (!made) {
    return tl::unexpected(Error{
        Errc::io_failed, "the journal's thread could not be started", environment_.path,
        std::string(made.error().call) + ": " + std::generic_category().message(made.error().code),
        "raise the process's limits on threads and open files, then activate again",
        made.error().code});
  }
  thread_ = std::move(*made);
  return {};
}

std::uint64_t Core::grant_write() {
  was_activated_ = true;
  std::uint64_t permit = 0;
  {
    const std::lock_guard lock(mutex_);
    phase_ = Phase::active;
    permit = gate_.open(current_.floor, current_.ceiling);
  }
  stride_.store(0);
  if (thread_) thread_->start();
  return permit;
}

std::uint64_t Core::grant_update(bool may_go_down) {
  update_left_nothing_ = false;
  update_may_go_down_ = may_go_down;
  const std::lock_guard lock(mutex_);
  phase_ = Phase::updating;
  return gate_.next_permit();
}

void Core::revoke() {
  if (!gate_.in_own_process()) {
    // The thread and the locks stayed behind in the process that forked.
    static_cast<void>(thread_.release());
    return;
  }
  gate_.shut();
  static_cast<void>(gate_.next_permit());  // the old one is no longer the one that counts
  flushed_.move();                         // whoever waits looks again
  if (thread_) thread_->stop();
  { const Turn turn(*this); }  // whoever was writing has finished
  read_back();                 // so that the last writes are not left unproven
  const Turn turn(*this);
  thread_.reset();
  const std::lock_guard lock(mutex_);
  phase_ = Phase::looking;
}

}  // namespace storemark
