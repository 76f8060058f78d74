// SPDX-License-Identifier: Apache-2.0
#include "journal/interval_writer.hpp"

#include <algorithm>

#include "journal/core.hpp"

namespace storemark {
namespace {
/// The least by which the ceiling is ahead: a quiet broker's burst does not wait at once.
constexpr std::uint64_t least_stride = 1024;
/// How many intervals' worth of events the ceiling is ahead.
constexpr std::uint64_t intervals_ahead = 4;
}  // namespace

IntervalWriter::IntervalWriter(Core& core, std::chrono::milliseconds interval)
    : core_(core),
      interval_(interval),
      noted_before_(core.gate().noted()),
      thread_([this] { run(); }) {}

IntervalWriter::~IntervalWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

std::uint64_t IntervalWriter::follow_rate() {
  const std::uint64_t noted = core_.gate().noted();
  const std::uint64_t events = noted - std::min(noted, noted_before_);
  noted_before_ = noted;
  // A jump of the sequence is no rate: the ceiling stays within what a write may ask for.
  const std::uint64_t wanted = std::min(events, core_.jump_bound() / intervals_ahead / 2);
  return std::max(least_stride, wanted * intervals_ahead);
}

void IntervalWriter::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const bool well = core_.beat(follow_rate()).has_value();
    lock.lock();
    if (!well) return;  // poisoned or revoked: whoever calls next is told
    stop_.wait_for(lock, interval_, [&] { return stopping_; });
  }
}

}  // namespace storemark
