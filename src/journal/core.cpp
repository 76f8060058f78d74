// SPDX-License-Identifier: Apache-2.0
#include "journal/core.hpp"

#include "journal/background_thread.hpp"
#include "journal/errors.hpp"

namespace storemark {

Core::Core(Environment environment, Options options, std::unique_ptr<SlotFile> slots)
    : environment_(std::move(environment)),
      options_(options),
      mode_(slots->file().mode()),
      incarnation_(environment_.new_id()),
      slots_(std::move(slots)),
      flushed_(may_look_out(options_, environment_), environment_.steady_clock),
      share_(environment_.steady_clock) {}

Core::~Core() = default;

void Core::give_up(Core* core) noexcept {
  if (core->gate_.in_own_process()) {
    delete core;
    return;
  }
  core->slots_.reset();
  core->environment_.directory.reset();
}

Core::Turn::Turn(Core& core) : core_(core) {
  std::unique_lock lock(core_.mutex_);
  ++core_.want_turn_;
  core_.turn_free_.wait(lock, [&] { return !core_.turn_taken_; });
  --core_.want_turn_;
  core_.turn_taken_ = true;
}

Core::Turn::~Turn() { core_.end_turn(); }

void Core::end_turn() {
  bool wanted = false;
  {
    const std::lock_guard lock(mutex_);
    turn_taken_ = false;
    wanted = want_turn_ > 0;
  }
  if (wanted) turn_free_.notify_all();
  flushed_.move();
}

Record Core::record() {
  if (!gate_.in_own_process()) return {};  // the lock may be held by a thread that is not here
  const std::lock_guard lock(mutex_);
  return current_;
}

Health Core::health() {
  if (!gate_.in_own_process()) return {};
  const std::lock_guard lock(mutex_);
  return health_;
}

Result<void> Core::poison(Error error) {
  const std::lock_guard lock(mutex_);
  if (!poison_) {
    poison_ = Error{Errc::poisoned,
                    "the journal is no longer written",
                    environment_.path,
                    "an earlier write failed: " + error.why,
                    "close it, see to the cause, and open it again",
                    error.os_error};
  }
  gate_.shut();  // after the reason is there for whoever finds it shut
  flushed_.move();
  return tl::unexpected(std::move(error));
}

Result<void> Core::check_usable() {
  if (!gate_.in_own_process()) {
    return fail(Errc::used_after_fork, "the call was refused", environment_.path,
                "the journal was opened by another process", "open it in the process that uses it");
  }
  const std::lock_guard lock(mutex_);
  if (poison_) return tl::unexpected(*poison_);
  return {};
}

std::size_t Core::oldest_pair() const noexcept {
  std::size_t oldest = 0;
  const auto newest_in = [&](std::size_t pair) {
    return std::max(on_slot_.at(pair * 2), on_slot_.at(pair * 2 + 1));
  };
  for (std::size_t pair = 1; pair < layout::pair_count; ++pair) {
    if (newest_in(pair) < newest_in(oldest)) oldest = pair;
  }
  return oldest;
}

}  // namespace storemark
