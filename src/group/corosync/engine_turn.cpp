// SPDX-License-Identifier: Apache-2.0
// A turn takes what has come, asks whether it is certain, acts, and hands over; one question, one
// lock and one bell for all that it took.
#include <algorithm>
#include <new>

#include "group/corosync/engine.hpp"
#include "group/corosync/errors.hpp"

namespace storemark::corosync_group {
namespace {

/// What one turn takes before it is handed over.
constexpr std::size_t turn_events = 256;
constexpr std::uint64_t turn_data = 256;  ///< and what is left of a bundle
constexpr std::size_t turn_bytes = std::size_t{1} << 20;
/// More than this between two turns is time in which this process or its daemon was stopped.
constexpr std::chrono::milliseconds longest_turn{1000};
constexpr int again_pause_ms = 1;

}  // namespace

/// Never waits: where the thread is at it, it goes on. What only the thread may do it is woken for.
void Engine::turn_here() {
  attended_ = true;
  const std::unique_lock turn(turn_mutex_, std::try_to_lock);
  if (!turn || !is_open_) return;
  {
    const std::lock_guard lock(mutex_);
    if (stage_ != Stage::in || !inbox_.empty()) return;
  }
  const auto awaited = awaited_;
  refused_ = false;
  bool goes_on = false;
  try {
    take_events({{{-1, 0, 0}, {facts_.events, POLLIN, POLLIN}, {-1, 0, 0}}});
    if (taken_ == 0 && !failure_) return;
    goes_on = digest();
  } catch (const std::bad_alloc&) {
    const std::lock_guard lock(mutex_);
    end_with(out_of_group(options_.group, "there is no memory"));
  }
  const std::lock_guard lock(mutex_);
  // What comes back of what is under way brings the next turn, and in it the next try.
  const bool tries_again = owes_question_ || (refused_ && sender_.nothing_under_way());
  const bool waits = awaited_ && awaited_ != awaited;
  if (!goes_on || tries_again || waits || !notices_.empty()) wake_.ring();
}

/// What a turn has taken. False: it is over.
bool Engine::digest() {
  if (!failure_) refill();
  if (!failure_) ask();
  if (!failure_) mind_the_silent();
  act();
  return settle();
}

void Engine::take_events(const Ready& ready) {
  taken_ = 0;
  taken_bytes_ = 0;
  emptied_ = ready[1].events != 0 && ready[1].revents == 0;
  if (ready[2].revents != 0) {
    const Answer answer = daemon_->take_quorum();
    if (answer != Answer::done && answer != Answer::again) return lose(answer);
  }
  if (ready[1].revents == 0) return;
  const std::uint64_t data_before = order_->data_taken();
  const auto has_room = [&] {
    return taken_ < turn_events && taken_bytes_ < turn_bytes &&
           order_->data_taken() - data_before < turn_data;
  };
  while (has_room() && !left_ && !failure_) {
    const Answer answer = daemon_->take_event();
    emptied_ = answer == Answer::again;
    if (emptied_) return;
    if (answer != Answer::done) return lose(answer);
    ++taken_;
  }
}

void Engine::message(Address from, ByteView bytes) {
  if (left_ || failure_) return;
  if (changes_->is_in_between()) {
    return lose("Corosync's daemon told of a message where a ring was due");
  }
  taken_bytes_ += bytes.size();
  const bool counts = entrance_.judge(from, bytes) == Entrance::Verdict::counts;
  if (from == facts_.self) {
    CameBack back{{}, counts};
    std::ranges::copy(bytes.first(std::min(bytes.size(), back.head.size())), back.head.begin());
    came_back_.push_back(back);
  }
  if (counts) return order_->message(from, bytes);
  order_->overheard(from, bytes);
  if (auto notice = entrance_.notice()) notices_.push_back(std::move(*notice));
}

void Engine::processes(const Processes& change) {
  auto item = changes_->processes(change);
  left_ = left_ || changes_->has_left();
  configure(std::move(item));
}

void Engine::ring(const RingId& ring) { configure(changes_->ring(ring)); }

void Engine::configure(std::optional<Configuration> item) {
  if (!item || left_ || failure_) return;
  if (item->ring) {
    Answer answer = daemon_->count_departures(item->departures);
    while (answer == Answer::again && pause(again_pause_ms)) {
      answer = daemon_->count_departures(item->departures);
    }
    if (answer != Answer::done) return lose(answer);
    ring_ = *item->ring;
  }
  entrance_.shut(item->members, ring_);
  order_->configuration(*item);
}

void Engine::quorum(std::uint64_t ring_seq, bool quorate) { order_->quorum(ring_seq, quorate); }

/// After all that was taken: it came without a gap, if no node has left the ring.
void Engine::ask() {
  if (taken_ == 0 && !owes_question_) return;
  std::uint64_t departures = 0;
  const Answer answer = daemon_->count_departures(departures);
  owes_question_ = answer == Answer::again;
  if (owes_question_) {
    refused_ = true;
  } else if (answer == Answer::done) {
    order_->certain(departures);
  } else {
    lose(answer);
  }
}

void Engine::mind_the_silent() {
  const auto round = order_->awaiting();
  if (!round && !awaited_) return;
  const auto now = Clock::now();
  const auto turn = std::min<std::chrono::nanoseconds>(now - last_turn_, longest_turn);
  last_turn_ = now;
  // What has not been taken may be what is awaited.
  if (round != awaited_ || !emptied_) {
    if (round != awaited_) waited_ = {};
    awaited_ = round;
    return;
  }
  waited_ += turn;
  if (waited_ < std::chrono::milliseconds(options_.patience_ms)) return;
  waited_ = {};
  order_->exclude_silent();
}

void Engine::act() {
  while (auto action = order_->next()) {
    if (auto* control = std::get_if<Multicast>(&*action)) {
      controls_.push_back(std::move(control->bytes));
    } else if (auto* view = std::get_if<Install>(&*action)) {
      arrivals_.emplace_back(std::move(*view));
    } else if (auto* message = std::get_if<Deliver>(&*action)) {
      if (message->from.value == identity_) ++own_delivered_;
      arrivals_.emplace_back(std::move(*message));
    } else if (auto* lost = std::get_if<Lost>(&*action)) {
      if (!failure_) failure_ = std::move(lost->error);
    } else if (auto* notice = std::get_if<Notice>(&*action)) {
      notices_.push_back(std::move(notice->text));
    }
  }
}

/// The next messages go before the daemon is asked, so that it has something to do meanwhile.
void Engine::refill() {
  if (came_back_.empty()) return;
  const std::lock_guard lock(mutex_);
  for (const CameBack& back : came_back_) {
    if (sender_.came_back(back.head, back.counts) || failure_) continue;
    lose("Corosync's daemon lost a message of this node");
  }
  came_back_.clear();
  may_send_ = order_->may_send();
  if (!is_out()) pump();
}

bool Engine::settle() {
  const std::lock_guard lock(mutex_);
  if (stopping_ || is_out()) return false;
  receive();
  if (left_) {
    stage_ = Stage::left;
    changed_.notify_all();
  } else if (failure_) {
    end_with(std::move(*failure_));
  } else {
    may_send_ = order_->may_send();
    pump();
  }
  if (is_out() || sender_.has_room_again()) ready_.ring();
  return !is_out();
}

/// What was taken, into the hands of the application.
void Engine::receive() {
  for (Bytes& bytes : controls_) sender_.push_control(bytes);
  controls_.clear();
  for (Arrival& arrival : arrivals_) {
    if (stage_ == Stage::leaving) break;
    if (stage_ == Stage::joining) {
      stage_ = Stage::in;
      changed_.notify_all();
    }
    inbox_cost_ += cost_of(arrival);
    inbox_.push_back(std::move(arrival));
  }
  arrivals_.clear();
}

void Engine::pump() {
  while (const Sender::Message* message = sender_.next(may_send_)) {
    const Answer answer = daemon_->multicast(message->head, message->body);
    refused_ = refused_ || answer == Answer::again;
    if (answer == Answer::again) return;
    if (answer != Answer::done) {
      return end_with(out_of_group(options_.group, answer, "cpg_mcast_joined"));
    }
    sender_.pop();
  }
}

void Engine::lose(Answer answer) {
  failure_ = out_of_group(options_.group, answer, daemon_->complaint());
}

void Engine::lose(std::string why) { failure_ = out_of_group(options_.group, std::move(why)); }

}  // namespace storemark::corosync_group
