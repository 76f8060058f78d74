// SPDX-License-Identifier: Apache-2.0
// What a read-write open owes the medium before it answers. Crash-safe at every step: the worst
// slot first, the good copies of the newest record last, one barrier each.
#include "journal/heal.hpp"

#include <algorithm>
#include <cstring>

#include "journal/core.hpp"
#include "journal/errors.hpp"
#include "journal/io_errors.hpp"

namespace storemark {
namespace {

using legal::Age;
using recovery::Healing;

/// Slots that a crash or fault spoiled, then the oldest, then the newest: Age is ordered so.
std::array<std::size_t, slot_count> worst_first(const legal::Image& image) {
  std::array<std::size_t, slot_count> order{0, 1, 2, 3, 4, 5};
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](std::size_t slot) { return image.at(slot); });
  return order;
}

/// Whether the verdict stays as it is if the slot is torn: until the record that says it stands
/// somewhere, neither the newest record nor what speaks against it may lose its last copy.
bool can_be_lost(const recovery::Reading& reading, std::size_t slot) {
  const bool matters = reading.image.at(slot) == Age::newest || reading.speaks_against.at(slot);
  if (!matters) return true;
  for (std::size_t other = 0; other < slot_count; ++other) {
    if (other == slot || reading.slots.at(other).health == SlotHealth::foreign) continue;
    if (reading.slots.at(other).record == reading.slots.at(slot).record) return true;
  }
  return false;
}

}  // namespace

Record healed_record(const recovery::Reading& reading) {
  const Verdict& verdict = reading.verdict;
  Record next = *verdict.record;
  if (reading.healing != Healing::new_record) return next;
  next.generation = reading.generation + 1;
  next.parent = reading.hash;
  // "Empty" is the store's word, not the journal's: what was activated once is recorded as dirty.
  const bool told_empty = verdict.state == StoreState::empty && next.state != StoreState::empty;
  next.state = told_empty ? StoreState::dirty : verdict.state;
  next.floor = verdict.floor;
  next.ceiling = verdict.ceiling;
  next.unproven = verdict.certainty == Certainty::at_least;
  if (next.state != StoreState::clean) {
    next.final = {};
    next.tag.reset();
    next.marked = false;
  }
  return next;
}

Result<void> Core::stage_verdict(Looked& looked) {
  const recovery::Reading& reading = looked.reading;
  const Verdict& verdict = reading.verdict;
  current_ = *verdict.record;
  hash_ = reading.hash;
  generation_ = reading.generation;
  if (reading.healing != Healing::new_record) {
    // The very bytes, so that what a newer version put beside our fields stays.
    const auto newest = std::ranges::find(reading.image, Age::newest) - reading.image.begin();
    slots_->stage(looked.raw.span()
                      .subspan(static_cast<std::size_t>(newest) * layout::slot_bytes)
                      .first<layout::slot_bytes>());
    return {};
  }
  Record next = healed_record(reading);
  if (auto staged = stage(next); !staged) return staged;
  current_ = next;
  hash_ = codec::body_hash(slots_->staged());
  generation_ = next.generation;
  return {};
}

Result<void> Core::heal_slot(std::size_t slot) {
  const auto written = slots_->write_slot(slot);
  if (written && slots_->slot_holds(slot, hash_)) {
    ++health_.healed_slots;
    on_slot_.at(slot) = current_.generation;
    return {};
  }
  on_slot_.at(slot) = 0;
  // One bad slot stops no broker; two leave too little to lose.
  if (!bad_slot_) {
    bad_slot_ = slot;
    health_.degraded = true;
    return {};
  }
  const io::IoError error =
      written ? io::IoError{5, "read back", layout::slot_offset(slot)} : written.error();
  return tl::unexpected(to_error(error, "the journal could not be healed",
                                 environment_.path + ", slot " + std::to_string(slot)));
}

Result<void> Core::heal_slots(const recovery::Reading& reading) {
  const bool new_record = reading.healing == Healing::new_record;
  auto order = worst_first(reading.image);
  if (new_record) {
    const auto first =
        std::ranges::find_if(order, [&](std::size_t slot) { return can_be_lost(reading, slot); });
    if (first != order.end()) std::rotate(order.begin(), first, first + 1);
  }
  for (const std::size_t slot : order) {
    const bool holds_it = reading.image.at(slot) == Age::newest && !new_record;
    // Without a way past the page cache nobody knows what is on the medium: everything is written.
    if (holds_it && mode_.read_back_proves) continue;
    if (auto healed = heal_slot(slot); !healed) return healed;
  }
  return {};
}

Result<void> Core::heal(Looked& looked) {
  const recovery::Reading& reading = looked.reading;
  if (auto staged = stage_verdict(looked); !staged) return staged;
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    const bool placed = reading.image.at(slot) < Age::torn;
    on_slot_.at(slot) = placed ? reading.slots.at(slot).record->generation : 0;
  }
  unflushed_ = reading.healing == Healing::none;
  if (!unflushed_) {
    // What was read may still be in a cache: it must not be in flight together with what follows.
    if (const auto synced = slots_->sync(); !synced) {
      return tl::unexpected(
          to_error(synced.error(), "the journal could not be opened", environment_.path));
    }
  }
  const bool enough = reading.healing <= Healing::flush;
  return enough && mode_.read_back_proves ? Result<void>{} : heal_slots(reading);
}

}  // namespace storemark
