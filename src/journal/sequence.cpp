// SPDX-License-Identifier: Apache-2.0
// A sequence write: one record to both slots of the oldest pair, in one durable write. It is read
// back later, off its path.
#include <utility>

#include "journal/core.hpp"
#include "journal/errors.hpp"
#include "journal/io_errors.hpp"

namespace storemark {
namespace {
constexpr auto name_check_every = std::chrono::seconds(1);
}  // namespace

Error Core::shut_reason() {
  if (auto usable = check_usable(); !usable) return usable.error();
  return Error{Errc::permit_revoked,
               "the call was refused",
               environment_.path,
               "the permit was consumed or dropped",
               "activate again to get a new one",
               0};
}

Result<void> Core::check_jump(std::uint64_t n, const char* what) {
  if (n <= gate_.durable_ceiling()) return {};
  const std::uint64_t base = std::max(gate_.noted(), gate_.durable_ceiling());
  if (n <= base || (n - base <= options_.jump_bound && n <= max_sequence)) return {};
  return fail(Errc::jump_too_large, what, environment_.path,
              std::to_string(n) + " is more than " + std::to_string(options_.jump_bound) +
                  " beyond " + std::to_string(base),
              "check where the number comes from; Options::jump_bound sets the bound");
}

Result<void> Core::write_sequence(std::uint64_t permit, std::uint64_t n) {
  if (!gate_.is_open_for(permit)) return tl::unexpected(shut_reason());
  if (auto sane = check_jump(n, "the sequence was not written"); !sane) return sane;
  gate_.note(n);
  gate_.want_ceiling(n);
  return share_flush(permit, n, 0);
}

Result<void> Core::reserve(std::uint64_t permit, std::uint64_t n) {
  if (!gate_.is_open_for(permit)) return tl::unexpected(shut_reason());
  if (auto sane = check_jump(n, "the sequence was not reserved"); !sane) return sane;
  const std::uint64_t stride = stride_.load(std::memory_order_relaxed);
  gate_.want_ceiling(n + std::min(stride, max_sequence - n));
  return share_flush(permit, 0, n);
}

Result<void> Core::note(std::uint64_t permit, std::uint64_t n) {
  if (gate_.is_open_for(permit) && gate_.lets_through(n)) {
    gate_.note(n);
    // As in WritePermit::note(): whoever revokes, or this, sees the other.
    if (gate_.permit() == permit) return {};
  }
  if (!gate_.is_open_for(permit)) return tl::unexpected(shut_reason());
  return fail(Errc::not_reserved, "the sequence was not noted", environment_.path,
              std::to_string(n) + " is past the ceiling " + std::to_string(gate_.durable_ceiling()),
              "call reserve() before the event is applied");
}

Result<void> Core::share_flush(std::uint64_t permit, std::uint64_t floor, std::uint64_t ceiling) {
  const auto is_settled = [&] {
    return !gate_.is_open_for(permit) ||
           (gate_.durable_floor() >= floor && gate_.durable_ceiling() >= ceiling);
  };
  share_.arrive();
  for (;;) {
    const std::uint32_t seen = flushed_.moves();
    if (is_settled()) break;
    if (!take_turn_if_free()) {
      flushed_.wait(seen, share_.usual());
      continue;
    }
    // Whoever revokes the permit waits for the turn, and then writes: look again.
    if (!is_settled()) return lead_flush();
    end_turn();
  }
  if (!gate_.is_open_for(permit)) return tl::unexpected(shut_reason());
  return {};
}

bool Core::take_turn_if_free() {
  const std::lock_guard lock(mutex_);
  return !std::exchange(turn_taken_, true);
}

Result<void> Core::lead_flush() {
  share_.gather();
  Result<void> written = write_newest();
  share_.release();
  end_turn();
  return written;
}

Result<void> Core::check_name_now_and_then() {
  const auto now = environment_.steady_clock();
  if (now - name_checked_ < name_check_every) return {};
  name_checked_ = now;
  return check_name();
}

Result<void> Core::write_newest() {
  if (auto named = check_name_now_and_then(); !named) return named;
  const std::uint64_t floor = std::max(current_.floor, gate_.noted());
  const std::uint64_t ceiling = std::max({current_.ceiling, gate_.wanted(), floor});
  const codec::SequencePatch patch{next_generation(),        hash_, incarnation_, floor, ceiling,
                                   environment_.wall_clock()};
  const BodyHash hash = slots_->stage_next(patch);
  if (auto written = write_staged_pair(hash); !written) return written;
  hash_ = hash;
  generation_ = patch.generation;
  const std::lock_guard lock(mutex_);
  current_.generation = patch.generation;
  current_.parent = patch.parent;
  current_.incarnation = patch.incarnation;
  current_.floor = floor;
  current_.ceiling = ceiling;
  current_.wall_clock = patch.wall_clock;
  ++health_.sequence_writes;
  gate_.advance(floor, ceiling);
  return {};
}

Result<void> Core::write_staged_pair(const BodyHash& hash) {
  const std::size_t pair = oldest_pair();
  expect_nothing(pair);
  const bool one_only = bad_slot_ && *bad_slot_ / layout::slots_per_pair == pair;
  const auto written = one_only ? slots_->write_slot(*bad_slot_ ^ 1U) : slots_->write_pair(pair);
  if (!written) {
    return poison(to_error(written.error(), "the sequence could not be written",
                           environment_.path + ", pair " + std::to_string(pair)));
  }
  for (const std::size_t slot : {pair * 2, pair * 2 + 1}) {
    on_slot_.at(slot) = slot == bad_slot_ ? 0 : next_generation();
  }
  expect_read_back(pair, hash);
  return {};
}

Result<void> Core::beat(std::uint64_t stride) {
  const Turn turn(*this);
  if (!gate_.is_open()) return tl::unexpected(shut_reason());
  stride_.store(stride, std::memory_order_relaxed);
  const std::uint64_t noted = gate_.noted();
  const std::uint64_t ceiling = gate_.durable_ceiling();
  const bool ceiling_near = ceiling - std::min(ceiling, noted) < stride / 2;
  if (ceiling_near) gate_.want_ceiling(noted + std::min(stride, max_sequence - noted));
  if (ceiling_near || noted > gate_.durable_floor()) return write_newest();
  return {};
}

}  // namespace storemark
