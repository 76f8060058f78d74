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
  if (!hash || is_kept(pair, *hash, slots_->pair_holds(pair, *hash))) return true;
  return !write_again(pair, *hash);
}

bool Core::is_kept(std::size_t pair, const BodyHash& hash, const PairHolds& holds) {
  const std::lock_guard lock(mutex_);
  if (unproven_.at(pair) != hash) return true;  // written over while it was read
  ++health_.read_backs;
  bool kept = true;
  for (std::size_t i = 0; i < holds.size(); ++i) {
    const std::size_t slot = pair * layout::slots_per_pair + i;
    unsigned& lost = lost_in_a_row_.at(slot);
    lost = holds.at(i) || slot == bad_slot_ ? 0 : lost + 1;
    kept = kept && lost == 0;
  }
  if (kept) {
    unproven_.at(pair).reset();
  } else {
    ++health_.lost_writes;
  }
  return kept;
}

/// False where nothing was written: it was written over meanwhile, or nothing is written any more.
bool Core::write_again(std::size_t pair, const BodyHash& hash) {
  const Turn turn(*this);
  if (auto gone_on = do_without_lossy_slot(pair); !gone_on) return false;
  {
    const std::lock_guard lock(mutex_);
    if (unproven_.at(pair) != hash || poison_) return false;
    unproven_.at(pair).reset();
  }
  look_again();
  // Where it fails, the journal is poisoned, and the next call says so.
  return write_newest().has_value();
}

/// One slot that keeps nothing stops no broker; a second one does.
Result<void> Core::do_without_lossy_slot(std::size_t pair) {
  for (const std::size_t slot : {pair * 2, pair * 2 + 1}) {
    if (lost_in_a_row_.at(slot) < losses_before_giving_up) continue;
    const bool other_too = lost_in_a_row_.at(slot ^ 1U) > 0;
    if (bad_slot_ || other_too) {
      return poison(Error{
          Errc::not_durable, "the sequence is not on the medium",
          environment_.path + ", slot " + std::to_string(slot),
          "read back, it was not there, " + std::to_string(losses_before_giving_up) + " times over",
          "replace the device; `storemark examine --slots` shows what is left", 0});
    }
    bad_slot_ = slot;
    lost_in_a_row_.at(slot) = 0;
    const std::lock_guard lock(mutex_);
    health_.degraded = true;
  }
  return {};
}

/// A pair that lost its write is the oldest now, and gets the next one. What cannot be read just
/// now, or stands in the wrong place, may be the newest that there is: it goes last.
void Core::look_again() {
  const auto evidence = slots_->read_all();
  if (!evidence) return;
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    const codec::Decoded& found = evidence->slots.at(slot);
    if (found.health == SlotHealth::unreadable) continue;
    const bool ours =
        (found.health == SlotHealth::current || found.health == SlotHealth::misplaced) &&
        found.journal == current_.journal;
    on_slot_.at(slot) = ours ? found.record->generation : 0;
  }
}

}  // namespace storemark
