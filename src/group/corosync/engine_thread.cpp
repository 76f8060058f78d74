// SPDX-License-Identifier: Apache-2.0
// The thread: connects, takes a turn where the application takes none, and does what may wait for
// the daemon.
#include <algorithm>
#include <new>

#include "group/corosync/engine.hpp"
#include "group/corosync/errors.hpp"

namespace storemark::corosync_group {
namespace {

constexpr int first_pause_ms = 1;
constexpr int longest_pause_ms = 50;
/// Between tries to connect: the daemon may be starting.
constexpr int connect_pause_ms = 20;
/// How soon it looks whether the application still takes the turns.
constexpr int look_again_ms = 5;
/// For one that is awaited; well below a turn's longest.
constexpr int longest_wait_ms = 500;

}  // namespace

void Engine::run() {
  try {
    if (open()) {
      while (turn()) {
      }
    }
  } catch (const std::bad_alloc&) {
    const std::lock_guard lock(mutex_);
    end_with(out_of_group(options_.group, "there is no memory"));
  }
  end();
}

bool Engine::open() {
  for (;;) {
    const Answer answer = daemon_->join(options_.group, *this);
    if (answer == Answer::done) break;
    {
      const std::lock_guard lock(mutex_);
      complaint_ = daemon_->complaint();
      if (answer == Answer::denied) end_with(denied(options_.group, complaint_));
    }
    daemon_->close();
    if (!pause(connect_pause_ms)) return false;
  }
  const std::lock_guard turn(turn_mutex_);
  facts_ = daemon_->facts();
  order_.emplace(OrderOptions{facts_.self, identity_, options_.name, facts_.has_quorum});
  changes_.emplace(facts_.self);
  last_turn_ = Clock::now();
  const auto added = watched_.add(facts_.events);
  is_open_ = added.has_value();
  const std::lock_guard lock(mutex_);
  if (!added) end_with(out_of_group(options_.group, added.error().call));
  connected_ = is_open_;
  max_message_ = facts_.max_message - envelope_bytes;
  return !stopping_ && !is_out();
}

/// False: it is over. Ends early where the thread is woken.
bool Engine::pause(int milliseconds) {
  pollfd bell{wake_.descriptor(), POLLIN, 0};
  static_cast<void>(::poll(&bell, 1, milliseconds));
  const std::lock_guard lock(mutex_);
  return !stopping_ && !is_out();
}

void Engine::end() {
  {
    const std::lock_guard turn(turn_mutex_);
    if (is_open_) watched_.remove(facts_.events);
    is_open_ = false;
    const std::lock_guard lock(mutex_);
    connected_ = false;
  }
  daemon_->close();
  const std::lock_guard lock(mutex_);
  done_ = true;
  changed_.notify_all();
}

bool Engine::turn() {
  const Ready ready = wait();
  std::vector<std::string> notices;
  bool goes_on = false;
  {
    const std::lock_guard turn(turn_mutex_);
    take_events(ready);
    goes_on = digest();
    notices.swap(notices_);
    tell_of_arrivals();
    if (goes_on) leave_when_sent();
    set_pause();
  }
  tell(notices);
  return goes_on;
}

/// While the application takes the turns the thread keeps out of its way: it would be woken for
/// nothing by each message, and hold it up. But not while something is due: that is its own affair.
Engine::Ready Engine::wait() {
  Ready out{{{wake_.descriptor(), POLLIN, 0},
             {facts_.events, POLLIN, 0},
             {facts_.quorum_events, POLLIN, 0}}};
  const auto look = [&](std::span<pollfd> which, int patience_ms) {
    const int found = ::poll(which.data(), which.size(), patience_ms);
    for (pollfd& one : which) one.revents = found < 0 ? short{0} : one.revents;
    return found;
  };
  short events = 0;
  bool attended = false;
  bool goes_on = false;
  do {
    attended = attended_.exchange(false);
    int patience_ms = 0;
    {
      const std::lock_guard turn(turn_mutex_);
      patience_ms = patience();
      const std::lock_guard lock(mutex_);
      events = is_full() ? short{0} : short{POLLIN};
    }
    const bool keeps_out = attended && patience_ms < 0;
    out[1].events = keeps_out ? short{0} : events;
    goes_on = look(out, keeps_out ? look_again_ms : patience_ms) == 0 && keeps_out && attended_;
  } while (goes_on);
  out[1].events = events;
  if (attended) look(std::span(out).subspan(1, 1), 0);
  const std::lock_guard lock(mutex_);
  wake_.hush();
  return out;
}

int Engine::patience() const {
  if (failure_) return 0;
  int out = pause_ms_ > 0 ? pause_ms_ : -1;
  if (awaited_) {
    // In parts, that can be told from time in which nothing ran.
    const int due = std::min(longest_wait_ms, options_.patience_ms);
    if (out < 0 || due < out) out = due;
  }
  return out;
}

/// Longer each time, from the start again where something came meanwhile.
void Engine::set_pause() {
  const int last = taken_ > 0 ? 0 : pause_ms_;
  pause_ms_ = last == 0 ? first_pause_ms : std::min(2 * last, longest_pause_ms);
  if (!refused_) pause_ms_ = 0;
  refused_ = false;
}

/// Who took the turn by dispatching knows.
void Engine::tell_of_arrivals() {
  const std::lock_guard lock(mutex_);
  if (!inbox_.empty()) ready_.ring();
}

/// When all that was taken from the application has been handed over everywhere.
void Engine::leave_when_sent() {
  {
    const std::lock_guard lock(mutex_);
    if (stage_ != Stage::leaving || leave_said_ || own_delivered_ != sender_.data_taken()) return;
  }
  const Answer answer = daemon_->leave();
  leave_said_ = answer == Answer::done;
  refused_ = refused_ || answer == Answer::again;
  if (!leave_said_ && !refused_) lose(answer);
}

void Engine::tell(const std::vector<std::string>& notices) {
  if (notices.empty()) return;
  const std::lock_guard lock(notice_mutex_);
  for (const std::string& notice : notices) {
    if (options_.notice && !is_silent_) options_.notice(notice);
  }
}

}  // namespace storemark::corosync_group
