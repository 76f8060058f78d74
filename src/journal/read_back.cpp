// SPDX-License-Identifier: Apache-2.0
// Whether the medium has what the device acknowledged: each pair is read a few milliseconds after
// it was written, beside whatever goes on. A pair that is written over before that is not read:
// what stood there counts no more.
#include "journal/background_thread.hpp"
#include "journal/core.hpp"

namespace storemark {
namespace {
constexpr unsigned losses_before_giving_up = 4;
}

void Core::expect_nothing(std::size_t pair) {
  const std::lock_guard lock(mutex_);
  unproven_.at(pair).reset();
}

void Core::expect_read_back(std::size_t pair, const BodyHash& hash) {
  if (!mode_.read_back_proves) return;
  {
    const std::lock_guard lock(mutex_);
    unproven_.at(pair) = hash;
  }
  if (thread_) thread_->written();
}

void Core::read_back() {
  for (bool once_more = true; once_more;) {
    once_more = false;
    for (std::size_t pair = 0; pair < layout::pair_count; ++pair) {
      once_more = !read_back_pair(pair) || once_more;
    }
  }
}

/// False where something was written again, which is to be read back in turn.
bool Core::read_back_pair(std::size_t pair) {
  std::optional<BodyHash> hash;
  {
    const std::lock_guard lock(mutex_);
    hash = unproven_.at(pair);
  }
  if (!hash) return true;
  const PairHolds holds = slots_->pair_holds(pair, *hash);
  if (is_kept(pair, *hash, holds)) return true;
  write_again(pair, *hash, holds);
  return false;
}

bool Core::is_kept(std::size_t pair, const BodyHash& hash, const PairHolds& holds) {
  const std::lock_guard lock(mutex_);
  if (unproven_.at(pair) != hash) return true;  // written over while it was read
  ++health_.read_backs;
  for (std::size_t i = 0; i < holds.size(); ++i) {
    if (!holds.at(i) && pair * layout::slots_per_pair + i != bad_slot_) return false;
  }
  unproven_.at(pair).reset();
  lost_in_a_row_.at(pair) = 0;
  return true;
}

void Core::write_again(std::size_t pair, const BodyHash& hash, const PairHolds& holds) {
  const Turn turn(*this);
  {
    const std::lock_guard lock(mutex_);
    const bool still = unproven_.at(pair) == hash;
    if (still) unproven_.at(pair).reset();
    if (!still || poison_) return;
    ++health_.lost_writes;
  }
  if (++lost_in_a_row_.at(pair) >= losses_before_giving_up) {
    if (auto gone_on = do_without(pair, holds); !gone_on) return;
  }
  look_again();
  // Where it fails, the journal is poisoned, and the next call says so.
  static_cast<void>(write_newest());
}

/// One slot that keeps nothing stops no broker; a pair does.
Result<void> Core::do_without(std::size_t pair, const PairHolds& holds) {
  if (!bad_slot_ && (holds.front() || holds.back())) {
    bad_slot_ = pair * layout::slots_per_pair + (holds.front() ? 1U : 0U);
    lost_in_a_row_.at(pair) = 0;
    const std::lock_guard lock(mutex_);
    health_.degraded = true;
    return {};
  }
  return poison(Error{
      Errc::not_durable, "the sequence is not on the medium",
      environment_.path + ", pair " + std::to_string(pair),
      "read back, it was not there, " + std::to_string(losses_before_giving_up) + " times over",
      "replace the device; `storemark examine --slots` shows what is left", 0});
}

void Core::look_again() {
  // A pair that lost its write is the oldest now, and gets the next one.
  const auto evidence = slots_->read_all();
  if (!evidence) return;
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    const codec::Decoded& found = evidence->slots.at(slot);
    const bool ours = found.health == SlotHealth::current && found.journal == current_.journal;
    on_slot_.at(slot) = ours ? found.record->generation : 0;
  }
}

}  // namespace storemark
