// SPDX-License-Identifier: Apache-2.0
// What the loop tells of the member, and when.
#include <algorithm>
#include <limits>
#include <tuple>

#include "driver/loop.hpp"

namespace storemark::driver {
namespace {

/// Beyond it a sum of times could be beyond all clocks.
constexpr std::chrono::hours longest_limit{24 * 365 * 100};

/// What a log wants to hear of; not the numbers that move with every event.
bool differ(const Status& a, const Status& b) {
  const auto said = [](const Status& s) {
    return std::tie(s.phase, s.text, s.ready, s.alone, s.rule, s.outcome, s.present, s.wait_for,
                    s.notes, s.view);
  };
  const auto same_missing = [](const MissingMember& x, const MissingMember& y) {
    return std::tie(x.id, x.label, x.sequence) == std::tie(y.id, y.label, y.sequence);
  };
  const auto same_loss = [](const Loss& x, const Loss& y) {
    return std::tie(x.id, x.from, x.to, x.certain, x.unbounded) ==
           std::tie(y.id, y.from, y.to, y.certain, y.unbounded);
  };
  return said(a) != said(b) || !std::ranges::equal(a.missing, b.missing, same_missing) ||
         !std::ranges::equal(a.loses, b.loses, same_loss);
}

}  // namespace

Status Loop::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

/// When it gives up; nothing where it waits for ever, or does not wait.
std::optional<Loop::Time> Loop::limit_of_waiting() const {
  const auto limit = options_.time_limit;
  if (!waiting_since_ || limit.count() == 0 || limit > longest_limit) return std::nullopt;
  return *waiting_since_ + limit;
}

/// How long to wait for an event, in milliseconds, as poll wants it.
int Loop::patience() const {
  if (broker_.has_failed()) return 0;
  if (has_room_ && !inbox_.is_empty()) return 0;
  std::optional<Time> until;
  if (!said_ready_ || stale_ || member_->has_permit()) until = next_beat_;
  if (const auto limit = limit_of_waiting()) until = until ? std::min(*until, *limit) : limit;
  if (!until) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*until - timing_.now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
}

// An active member's status costs more than an event: it is looked at when something changed that
// matters, else by the clock.
void Loop::keep_status() {
  const auto now = timing_.now();
  const bool ready = member_->ready();
  const bool matters = !ready || !said_ready_ || listener_->changed || now >= next_beat_;
  if (!matters && !member_->stopped()) {
    const std::lock_guard lock(mutex_);
    status_.sequence = member_->sequence();
    stale_ = true;
    return;
  }
  listener_->changed = false;
  tell(member_->status(), now);
}

void Loop::tell(Status status, Time now) {
  if (status.phase == MemberPhase::updating || member_->wanted_task() != 0) {
    status.update_done = worker_->update_done();
    status.update_total = worker_->update_total();
  }
  const bool due = !status.ready && now >= next_beat_;
  said_ready_ = status.ready;
  stale_ = false;
  bool changed = false;
  {
    const std::lock_guard lock(mutex_);
    changed = differ(status, status_);
    status_ = status;
  }
  if (due || status.ready) next_beat_ = now + timing_.beat;
  if (due || changed) broker_.status(status);
}

void Loop::keep_time_limit() {
  if (member_->ready()) {
    waiting_since_.reset();
    return;
  }
  const auto now = timing_.now();
  if (!waiting_since_) waiting_since_ = now;
  if (const auto limit = limit_of_waiting(); !limit || now < *limit) return;
  member_->leave(Error{Errc::cancelled, "the member did not become active", options_.label,
                       "it took longer than " + std::to_string(options_.time_limit.count()) +
                           " ms: " + member_->status().text,
                       "see to what it waits for, or give it more time"});
}

void Loop::finish(Stopped how) {
  if (status_.phase != MemberPhase::stopped) {  // an exception ended it: nobody was told
    const std::lock_guard lock(mutex_);
    status_ = Status{};
    status_.phase = MemberPhase::stopped;
  }
  broker_.stopped(how);
  const std::lock_guard lock(mutex_);
  stopped_ = std::move(how);
  finished_.notify_all();
}

}  // namespace storemark::driver
