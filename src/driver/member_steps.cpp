// SPDX-License-Identifier: Apache-2.0
// What the session asks for, done: every journal write and every call on the broker, in its order.
#include <utility>

#include "driver/member.hpp"
#include "driver/own_store.hpp"

namespace storemark::driver {

void Member::take(const restart::Send& step) { send(step.message); }

void Member::take(const restart::SendAnnouncement&) { send(session_.announcement()); }

void Member::take(const restart::Found& step) {
  if (parts_.journal && !went_well(parts_.journal->found(step.initial))) return;
  announce_own();
  session_.founded();
}

void Member::begin_task(Task::Kind kind, UpdateTicket donor) {
  wanted_ = ++last_task_;
  pending_ = Task{wanted_, kind, std::move(donor)};
}

void Member::take(const restart::Restore&) { begin_task(Task::Kind::restore, {}); }

// "Updating" is durable before the first byte of the old store is touched.
bool Member::begin_update(const restart::TakeUpdate& step) {
  if (!parts_.journal) return true;
  update_permit_.reset();
  if (!went_well(parts_.journal->found(step.initial))) return false;
  auto permit = parts_.journal->begin_update(step.donor, step.target, step.gives_up);
  if (!permit) {
    end(permit.error());
    return false;
  }
  update_permit_.emplace(std::move(*permit));
  touched_ = true;
  announce_own();
  return true;
}

void Member::take(const restart::TakeUpdate& step) {
  if (!begin_update(step)) return;
  applied_ = durable_ = copied_ = 0;
  donor_ = step.label;
  used_ = true;
  begin_task(Task::Kind::update, {step.ticket, step.donor, step.label, step.address});
}

void Member::take(const restart::DropUpdate&) {
  wanted_ = 0;
  pending_.reset();
}

void Member::take(const restart::Give& step) {
  // The copy is to hold all that was counted when it was offered.
  if (!make_durable()) return;
  const auto given =
      parts_.broker.give_update({step.ticket, step.joiner, step.label, parts_.options.address});
  if (went_well(given, "give an update")) given_.insert(step.ticket);
}

void Member::take(const restart::EndGiving& step) {
  if (given_.erase(step.ticket) > 0) parts_.broker.end_giving(step.ticket);
}

void Member::take(restart::Activate& step) {
  if (!make_durable()) return;
  if (!parts_.journal && !step.updated && used_) {
    // Half a donor's store, or that of an earlier start; a copy may even be under way still.
    return end(Error{Errc::cancelled, "this member did not start with the others",
                     parts_.options.label, "a transient member starts empty, and this one is not",
                     "start the broker again"});
  }
  if (parts_.journal) {
    if (step.updated) {
      // Once something was applied to the copy, it counts as the cluster does.
      const std::uint64_t counted = applied_ != 0 ? step.sequence : copied_;
      const auto ended =
          parts_.journal->end_update(std::move(*update_permit_), step.sequence,
                                     step.updated->history, step.updated->folded, counted);
      update_permit_.reset();
      if (!went_well(ended)) return;
    }
    auto permit = parts_.journal->activate(step.view, step.sequence);
    if (!permit) return end(permit.error());
    permit_.emplace(std::move(*permit));
    touched_ = true;
  }
  used_ = unsynced_ = true;
  applied_ = durable_ = step.sequence;
  parts_.facts.sequence = step.sequence;
  announce_own();
  if (!went_well(parts_.broker.activated(step.sequence), "go on from its store")) return;
  session_.activated();
}

void Member::take(const restart::ChangeView& step) {
  if (!make_durable()) return;
  if (permit_ && !went_well(permit_->change_view(step.view, step.sequence, step.sole))) return;
  announce_own();
}

void Member::take(const restart::StepDown&) {
  if (!end_writing()) return;
  sent_tokens_.clear();
  awaited_.clear();
  parts_.facts.sequence = durable_;
  announce_own();
}

void Member::take(const restart::Apply& step) {
  if (permit_ && !went_well(permit_->reserve(step.n))) return;
  if (!went_well(parts_.broker.apply(step.n, step.payload), "apply an event")) return;
  applied_ = step.n;
  if (!step.own || sent_tokens_.empty()) return;
  awaited_.push_back({step.n, sent_tokens_.front()});
  sent_tokens_.pop_front();
}

void Member::take(const restart::Dropped& step) {
  if (step.shutdown) return drop_shutdown();
  if (sent_tokens_.empty()) return;
  const std::uint64_t token = sent_tokens_.front();
  sent_tokens_.pop_front();
  parts_.broker.dropped(token);
}

void Member::take(const restart::Answer& step) {
  while (!awaited_.empty() && awaited_.front().n <= step.upto) {
    const Awaited one = awaited_.front();
    awaited_.pop_front();
    parts_.broker.confirmed(one.token, one.n);
  }
}

void Member::take(const restart::StopClean& step) {
  if (!make_durable()) return;
  if (permit_) {
    const CleanShutdown shutdown{step.final, step.sequence, parts_.broker.tag(), false};
    if (!went_well(parts_.journal->mark_clean(std::move(*permit_), shutdown))) return;
  }
  end(std::nullopt);
  stopped_->clean = true;
  stopped_->final = step.final;
}

void Member::take(const restart::Stop& step) { leave(step.why); }

}  // namespace storemark::driver
