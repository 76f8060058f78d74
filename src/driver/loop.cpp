// SPDX-License-Identifier: Apache-2.0
#include "driver/loop.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "io/quiet_thread.hpp"
#include "restart/wire_layout.hpp"

namespace storemark::driver {
namespace {

/// What the group may deliver, and what the broker may have sent, before the store is synced and
/// the rest has its turn.
constexpr std::size_t batch = 256;
/// How long the group may take what is sent last.
constexpr int patience_to_leave_ms = 2000;

Error no_thread(const io::IoError& error) {
  return {Errc::io_failed,
          "the driver was not started",
          error.call,
          "the system gave none",
          "raise its limits of threads and descriptors",
          error.code};
}

}  // namespace

Loop::Loop(Parts parts, Wake wake)
    : options_(parts.options),
      timing_(std::move(parts.timing)),
      broker_(parts.broker),
      group_(std::move(parts.group)),
      max_event_(std::min(max_event_bytes, group_->max_message() - wire::layout::envelope_bytes)),
      wake_(std::move(wake)),
      inbox_(parts.options.publish_bytes),
      waiting_since_(timing_.now()) {
  member_.emplace(Member::Parts{options_, broker_, *group_, std::move(parts.journal),
                                std::move(parts.facts), new_uuid});
  listener_.emplace(*member_);
  status_ = member_->status();
}

Result<std::unique_ptr<Loop>> Loop::start(Parts parts) {
  if (parts.group->max_message() < wire::max_control_bytes) {
    return tl::unexpected(
        Error{Errc::invalid_argument, "the driver was not started", "Group",
              "it takes no message of " + std::to_string(wire::max_control_bytes) + " bytes",
              "use a group that does"});
  }
  auto wake = Wake::make();
  if (!wake) return tl::unexpected(no_thread(wake.error()));
  std::unique_ptr<Loop> out(new Loop(std::move(parts), std::move(*wake)));
  auto worker = Worker::make(out->broker_, out->wake_);
  if (!worker) return tl::unexpected(no_thread(worker.error()));
  out->worker_ = std::move(*worker);
  // It must not see itself half made: is_own_thread() is for the broker's calls.
  const std::lock_guard lock(out->mutex_);
  auto thread = io::start_quiet_thread([self = out.get()] { self->run(); });
  if (!thread) return tl::unexpected(no_thread(thread.error()));
  out->thread_ = std::move(*thread);
  return out;
}

Loop::~Loop() {
  if (!thread_.joinable()) return;
  leave();
  thread_.join();
}

Inbox::Answer Loop::publish(std::span<const std::uint8_t> event, std::uint64_t token) {
  const auto answer = inbox_.publish(event, token);
  if (answer == Inbox::Answer::taken) wake_.ring();
  return answer;
}

Inbox::Answer Loop::shut_down() {
  const auto answer = inbox_.shut_down();
  if (answer == Inbox::Answer::taken) wake_.ring();
  return answer;
}

void Loop::leave() noexcept {
  leaving_.store(true);
  wake_.ring();
}

Stopped Loop::wait() {
  std::unique_lock lock(mutex_);
  finished_.wait(lock, [&] { return stopped_.has_value(); });
  return *stopped_;
}

// --- the thread
// -----------------------------------------------------------------------------------

// Memory, or a group that throws, ends it: what was recorded holds, the store stays dirty.
void Loop::run() noexcept {
  { const std::lock_guard started(mutex_); }
  Stopped how{false, {}, Error{Errc::broker_failed, {}, {}, {}, {}}};
  try {
    how.error->what = "the driver cannot go on";
    how.error->why = "an exception in its thread";
    serve();
    how = member_->how();
  } catch (const std::exception& error) {
    how.error->where = error.what();
  } catch (...) {
  }
  close(std::move(how));
}

void Loop::serve() {
  keep_status();
  while (!member_->stopped()) {
    wait_for_something();
    if (leaving_.load()) {
      member_->leave();
    } else {
      serve_once();
    }
    keep_status();
  }
}

void Loop::serve_once() {
  dispatch();
  take_outcome();
  member_->look_at_journal();
  send_out();
  // Before a task: a broker that has failed does not lose its store, too.
  if (auto failure = broker_.take_failure()) member_->leave(std::move(failure));
  give_task();
  keep_time_limit();
}

// The others need not wait until a task of ours has noticed that it was cancelled.
void Loop::close(Stopped how) {
  static_cast<void>(inbox_.close());
  worker_->want(0);
  try {
    static_cast<void>(group_->leave(patience_to_leave_ms));
  } catch (...) {
    // Its connection is closed with it.
  }
  worker_->stop();
  listener_.reset();
  member_.reset();  // the journal's file is closed when the broker hears of the end
  group_.reset();
  finish(std::move(how));
}

void Loop::wait_for_something() {
  std::array<pollfd, 2> either{
      {{group_->descriptor(), POLLIN, 0}, {wake_.descriptor(), POLLIN, 0}}};
  // What poll says when it fails: a signal came, which is for others.
  if (::poll(either.data(), either.size(), patience()) <= 0) return;
  if (either[1].revents != 0) wake_.hush();
  if ((either[0].revents & POLLNVAL) != 0) {
    member_->group_lost({Errc::group_lost, "the group cannot be waited for", options_.label,
                         "its descriptor was closed", "start the broker again"});
  }
}

void Loop::dispatch() {
  if (member_->stopped()) return;
  const auto taken = group_->dispatch(*listener_, batch);
  if (!taken) member_->group_lost(taken.error());
}

void Loop::take_outcome() {
  if (const auto done = worker_->take_done()) member_->task_done(done->number, done->result);
}

void Loop::send_out() {
  has_room_ = member_->settle();
  open_or_close();
  if (has_room_ && take_requests()) has_room_ = member_->settle();
  if (has_room_) inbox_.sent();
  if (inbox_.room_is_due()) broker_.room();
}

void Loop::open_or_close() {
  if (member_->ready()) {
    owes_ = true;
    return inbox_.open();
  }
  // Not before nothing more is taken: the broker gives up all that it has published until then.
  const std::deque<Request> waited = inbox_.close();
  if (member_->stopped()) return;
  if (!member_->suspended()) {
    if (std::exchange(owes_, false)) broker_.stepped_down();
    return;
  }
  for (const Request& request : waited) {
    if (request.shut_down) {
      member_->drop_shutdown();
    } else {
      broker_.dropped(request.token);
    }
  }
}

// True: something is to be sent.
bool Loop::take_requests() {
  std::size_t count = 0;
  while (count < batch && member_->ready()) {
    auto request = inbox_.next();
    if (!request) break;
    ++count;
    // What it refuses now was refused by whoever asked, or the member is not active any more.
    static_cast<void>(request->shut_down ? member_->shut_down()
                                         : member_->publish(request->event, request->token));
  }
  return count > 0;
}

void Loop::give_task() {
  worker_->want(member_->wanted_task());
  if (auto task = member_->next_task()) worker_->run(std::move(*task));
}

}  // namespace storemark::driver
