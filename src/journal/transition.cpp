// SPDX-License-Identifier: Apache-2.0
// A transition: the new record to all six slots, one barrier each, the oldest pair first, then all
// read back. Stopped anywhere, it leaves a prefix of new slots, one that is old, new or torn, and
// the rest old; acknowledged, it stands in five at least.
#include <algorithm>
#include <cstring>

#include "journal/core.hpp"
#include "journal/errors.hpp"
#include "journal/io_errors.hpp"

namespace storemark {
namespace {
constexpr unsigned slots_to_acknowledge = 5;
}

Result<void> Core::stage(Record& next) {
  next.generation = next_generation();
  next.parent = hash_;
  next.incarnation = incarnation_;
  next.wall_clock = environment_.wall_clock();
  std::array<std::byte, layout::slot_bytes> encoded;
  if (auto done = codec::encode_folding(next, encoded); !done) return done;
  slots_->stage(encoded);
  return {};
}

Result<void> Core::check_name() {
  const auto names = environment_.directory->names(slots_->file());
  if (names && *names) return {};
  return poison(Error{Errc::file_replaced, "the journal was not written", environment_.path,
                      "its name no longer denotes the open file: it was removed or replaced",
                      "see who touches the data directory; then start the broker again", 0});
}

Result<void> Core::flush_what_was_read() {
  if (!unflushed_) return {};
  if (const auto synced = slots_->sync(); !synced) {
    return poison(to_error(synced.error(), "the journal could not be written", environment_.path));
  }
  unflushed_ = false;
  return {};
}

Result<void> Core::write_all_slots() {
  std::array<std::size_t, layout::pair_count> pairs{0, 1, 2};
  std::ranges::stable_sort(pairs, {}, [&](std::size_t pair) {
    return std::max(on_slot_.at(pair * 2), on_slot_.at(pair * 2 + 1));
  });
  for (const std::size_t pair : pairs) {
    for (const std::size_t slot : {pair * 2, pair * 2 + 1}) {
      if (slot == bad_slot_) continue;
      if (const auto written = slots_->write_slot(slot); !written) {
        return poison(to_error(written.error(), "the journal could not be written",
                               environment_.path + ", slot " + std::to_string(slot)));
      }
    }
  }
  return {};
}

Result<void> Core::verify_all_slots(const BodyHash& hash) {
  unsigned verified = 0;
  for (std::size_t pair = 0; pair < layout::pair_count; ++pair) {
    const auto holds = slots_->pair_holds(pair, hash);
    for (std::size_t i = 0; i < holds.size(); ++i) {
      if (holds.at(i)) ++verified;
      on_slot_.at(pair * holds.size() + i) = holds.at(i) ? next_generation() : 0;
    }
  }
  {
    const std::lock_guard lock(mutex_);
    health_.degraded = verified < slot_count;
  }
  if (verified >= slots_to_acknowledge) return {};
  return poison(Error{Errc::not_durable, "the record was not acknowledged", environment_.path,
                      "read back, only " + std::to_string(verified) +
                          " of 6 slots hold it: the device loses writes",
                      "replace the device; `storemark examine --slots` shows what is left", 0});
}

void Core::publish(Record next, const BodyHash& hash) {
  hash_ = hash;
  generation_ = next.generation;
  const std::lock_guard lock(mutex_);
  current_ = std::move(next);
}

Result<void> Core::transition(Record next) {
  if (auto usable = check_usable(); !usable) return usable;
  const Turn turn(*this);
  if (auto usable = check_usable(); !usable) return usable;  // it may have been poisoned meanwhile
  if (auto named = check_name(); !named) return named;
  if (auto staged = stage(next); !staged) return staged;
  if (auto flushed = flush_what_was_read(); !flushed) return flushed;
  for (std::size_t pair = 0; pair < layout::pair_count; ++pair) expect_nothing(pair);
  const BodyHash hash = codec::body_hash(slots_->staged());
  if (auto written = write_all_slots(); !written) return written;
  if (auto verified = verify_all_slots(hash); !verified) return verified;
  publish(std::move(next), hash);
  return {};
}

}  // namespace storemark
