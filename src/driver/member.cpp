// SPDX-License-Identifier: Apache-2.0
#include "driver/member.hpp"

#include <algorithm>
#include <utility>

#include "driver/own_store.hpp"

namespace storemark::driver {

Result<std::uint64_t> run_task(Broker& broker, const Task& task, UpdateProgress& progress) {
  if (task.kind == Task::Kind::restore) {
    if (auto restored = broker.restore(progress); !restored) {
      return tl::unexpected(restored.error());
    }
    return 0;
  }
  if (auto discarded = broker.discard(); !discarded) return tl::unexpected(discarded.error());
  return broker.take_update(task.donor, progress);
}

Member::Member(Parts parts)
    : parts_(std::move(parts)),
      session_({parts_.group.self(), parts_.options.address, parts_.options.catch_up_bytes,
                parts_.new_id}),
      proposal_(parts_.new_id()),
      transient_id_(parts_.new_id()),
      transient_incarnation_(parts_.new_id()) {
  announce_own();
}

void Member::announce_own() {
  if (!parts_.journal) {
    return session_.own_store(
        announce_transient(parts_.options, transient_id_, transient_incarnation_, proposal_), 0,
        {});
  }
  session_.own_store(announce_store(parts_.options, *parts_.journal, touched_, proposal_),
                     held_by(parts_.facts), parts_.journal->record().history_digest);
}

// --- what comes in
// --------------------------------------------------------------------------------

void Member::view_changed(const GroupView& view) {
  if (stopped_) return;
  session_.view_changed(view);
  run_steps();
}

void Member::delivered(GroupNode from, std::span<const std::uint8_t> message) {
  if (stopped_) return;
  session_.delivered(from, message);
  run_steps();
}

std::string Member::not_active_why() const {
  return suspended() ? "this member is suspended: its part of the cluster has no quorum"
                     : "this member is not active";
}

Result<void> Member::publish(std::span<const std::uint8_t> event, std::uint64_t token) {
  const auto refuse = [&](Errc code, std::string why, std::string todo) {
    return tl::unexpected(Error{code, "the event was not published", parts_.options.label,
                                std::move(why), std::move(todo)});
  };
  if (!ready()) return refuse(Errc::not_active, not_active_why(), "wait until it is");
  if (event.size() > max_event_bytes) {
    return refuse(
        Errc::message_too_long,
        std::to_string(event.size()) + " bytes are more than " + std::to_string(max_event_bytes),
        "send less in one event");
  }
  send(wire::Event{{event.begin(), event.end()}});
  sent_tokens_.push_back(token);
  return {};
}

Result<void> Member::shut_down() {
  if (!ready()) {
    return tl::unexpected(Error{Errc::not_active, "the cluster was not shut down",
                                parts_.options.label, not_active_why(),
                                "wait until it is, or end each broker alone"});
  }
  shutdown_dropped_ = false;
  send(wire::Shutdown{FinalUuid(parts_.new_id())});
  return {};
}

void Member::leave(std::optional<Error> why) {
  if (stopped_) return;
  if (end_writing()) end(std::move(why));
}

std::optional<Task> Member::next_task() {
  if (stopped_ || running_ != 0 || !pending_) return std::nullopt;
  running_ = pending_->number;
  return std::exchange(pending_, std::nullopt);
}

void Member::task_done(std::uint64_t number, const Result<std::uint64_t>& result) {
  if (number == running_) running_ = 0;
  if (stopped_ || number != wanted_) return;
  wanted_ = 0;
  if (!session_.taking_update()) {
    if (!result) {
      return end(Error{Errc::broker_failed, "the store could not be restored", parts_.options.label,
                       to_string(result.error()), "mend the cause, and start the broker again"});
    }
    session_.restored();
  } else if (result) {
    copied_ = *result;
    session_.updated(*result);
  } else {
    session_.update_failed(to_string(result.error()));
  }
  run_steps();
}

// --- what goes out
// --------------------------------------------------------------------------------

void Member::run_steps() {
  while (!stopped_) {
    auto steps = session_.take_steps();
    if (steps.empty()) return;
    for (auto& step : steps) {
      if (stopped_) return;
      std::visit([&](auto& one) { take(one); }, step);
    }
  }
}

void Member::send(const wire::Message& message) {
  outbox_.push_back(wire::encode(message));
  outbox_bytes_ += outbox_.back().size();
}

bool Member::settle() {
  if (!stopped_ && make_durable()) run_steps();
  while (!stopped_ && !outbox_.empty()) {
    const auto sent = parts_.group.multicast(outbox_.front());
    if (!sent) {
      leave(sent.error());
      return true;
    }
    if (!*sent) return false;
    outbox_bytes_ -= outbox_.front().size();
    outbox_.pop_front();
  }
  return true;
}

// One sync for all that was applied since the last: then it is counted, and may be confirmed.
bool Member::make_durable() {
  if (stopped_) return false;
  if (applied_ == durable_ && !unsynced_) return true;
  if (!went_well(parts_.broker.sync(), "sync its store")) return false;
  unsynced_ = false;
  durable_ = applied_;
  if (permit_ && !went_well(permit_->note(durable_))) return false;
  session_.applied(durable_);
  return true;
}

// What was noted before is noted at no cost; a journal that is poisoned says so.
void Member::look_at_journal() {
  if (permit_) static_cast<void>(went_well(permit_->note(durable_)));
}

// Nothing more is applied: what the store holds is known to the event, and recorded so.
bool Member::end_writing() {
  if (!make_durable()) return false;
  if (!permit_) return true;
  const auto recorded = parts_.journal->end_writing(std::move(*permit_), durable_);
  permit_.reset();
  return went_well(recorded);
}

bool Member::went_well(const Result<void>& journal_call) {
  if (!journal_call) end(journal_call.error());
  return journal_call.has_value();
}

bool Member::went_well(const Result<void>& broker_call, const char* what) {
  if (broker_call) return true;
  end(Error{Errc::broker_failed, std::string("the broker could not ") + what, parts_.options.label,
            to_string(broker_call.error()), "mend the cause, and start the broker again"});
  return false;
}

void Member::end(std::optional<Error> why) {
  if (stopped_) return;
  stopped_ = Stopped{false, {}, std::move(why)};
  session_.stop();
  wanted_ = 0;
  for (const Uuid& ticket : std::exchange(given_, {})) parts_.broker.end_giving(ticket);
  permit_.reset();
  update_permit_.reset();
}

}  // namespace storemark::driver
