// SPDX-License-Identifier: Apache-2.0
#include "journal/background_thread.hpp"

#include <algorithm>
#include <new>
#include <optional>

#include "io/quiet_thread.hpp"
#include "journal/core.hpp"

namespace storemark {
namespace {

using Clock = std::chrono::steady_clock;

/// The least by which the ceiling is ahead: a quiet broker's burst does not wait at once.
constexpr std::uint64_t least_stride = 1024;
/// How many intervals' worth of events the ceiling is ahead.
constexpr std::uint64_t intervals_ahead = 4;

}  // namespace

io::IoResult<std::unique_ptr<BackgroundThread>> BackgroundThread::make(
    Core& core, std::chrono::milliseconds interval) {
  auto alarm = io::Alarm::make();
  if (!alarm) return tl::unexpected(alarm.error());
  std::unique_ptr<BackgroundThread> out(new BackgroundThread(core, interval, std::move(*alarm)));
  auto thread = io::start_quiet_thread([self = out.get()] { self->run(); });
  if (!thread) return tl::unexpected(thread.error());
  out->thread_ = std::move(*thread);
  return out;
}

void BackgroundThread::start() {
  noted_before_ = core_.gate().noted();
  started_.store(true);
  if (interval_.count() > 0) alarm_.ring();
}

void BackgroundThread::stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true);
  alarm_.ring();
  thread_.join();
}

std::uint64_t BackgroundThread::follow_rate() {
  const std::uint64_t noted = core_.gate().noted();
  const std::uint64_t events = noted - std::min(noted, noted_before_);
  noted_before_ = noted;
  // A jump of the sequence is no rate: the ceiling stays within what a write may ask for.
  const std::uint64_t wanted = std::min(events, core_.jump_bound() / intervals_ahead / 2);
  return std::max(least_stride, wanted * intervals_ahead);
}

void BackgroundThread::read_back() {
  try {
    core_.read_back();
  } catch (const std::bad_alloc&) {
    // Whoever revokes the permit reads back once more; so does the next write.
  }
}

bool BackgroundThread::beat() { return core_.beat(follow_rate()).has_value(); }

void BackgroundThread::run() {
  std::optional<Clock::time_point> next_beat;
  for (;;) {
    std::optional<std::chrono::nanoseconds> until_beat;
    if (next_beat) until_beat = *next_beat - Clock::now();
    const io::Alarm::Woken woken = alarm_.wait(until_beat);
    if (stopping_.load() || woken == io::Alarm::Woken::broken) return;
    if (!started_.load()) continue;
    if (woken == io::Alarm::Woken::rang) read_back();
    if (interval_.count() == 0 || (next_beat && Clock::now() < *next_beat)) continue;
    if (!beat()) return;  // poisoned or revoked: whoever calls next is told
    next_beat = Clock::now() + interval_;
  }
}

}  // namespace storemark
