// SPDX-License-Identifier: Apache-2.0
// What the application calls; engine_thread.cpp has what the thread does.
#include "group/corosync/engine.hpp"

#include "group/corosync/errors.hpp"
#include "group/random_node.hpp"
#include "io/quiet_thread.hpp"

namespace storemark::corosync_group {
namespace {

/// What the end of the thread is waited for, before and after the daemon is cut off.
constexpr std::chrono::milliseconds grace{250};

std::chrono::milliseconds from(int patience_ms) {
  return std::chrono::milliseconds(patience_ms < 0 ? 0 : patience_ms);
}

}  // namespace

Engine::Engine(const CorosyncGroupOptions& options, std::unique_ptr<Daemon> daemon, Bell wake,
               Bell ready, Watch watched)
    : options_(options),
      identity_(random_node(max_identity)),
      daemon_(std::move(daemon)),
      sender_(options.queue_bytes),
      wake_(std::move(wake)),
      ready_(std::move(ready)),
      watched_(std::move(watched)) {}

Result<std::shared_ptr<Engine>> Engine::start(const CorosyncGroupOptions& options,
                                              std::unique_ptr<Daemon> daemon) {
  const auto failed = [&](const io::IoError& error) {
    return tl::unexpected(not_joined(Errc::io_failed, options.group, error.call,
                                     "see what the system says of it, and join again", error.code));
  };
  auto wake = Bell::make();
  if (!wake) return failed(wake.error());
  auto ready = Bell::make();
  if (!ready) return failed(ready.error());
  auto watched = Watch::make();
  if (!watched) return failed(watched.error());
  if (auto added = watched->add(ready->descriptor()); !added) return failed(added.error());
  std::shared_ptr<Engine> out(new Engine(options, std::move(daemon), std::move(*wake),
                                         std::move(*ready), std::move(*watched)));
  auto thread = io::start_quiet_thread([engine = out] { engine->run(); });
  if (!thread) return failed(thread.error());
  out->thread_ = std::move(*thread);
  return out;
}

void Engine::stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  wake_.ring();
  const auto is_done = [&] { return done_; };
  if (!changed_.wait_for(lock, grace, is_done)) {
    daemon_->interrupt();
    static_cast<void>(changed_.wait_for(lock, grace, is_done));
  }
  const bool ends = done_;
  lock.unlock();
  if (ends) {
    thread_.join();
  } else {
    thread_.detach();
  }
  const std::lock_guard silence(notice_mutex_);
  is_silent_ = true;
}

std::size_t Engine::cost_of(const Arrival& arrival) noexcept {
  const auto* message = std::get_if<Deliver>(&arrival);
  return sizeof arrival + (message == nullptr ? 0 : message->message.size());
}

bool Engine::is_out() const noexcept { return stage_ == Stage::left || stage_ == Stage::lost; }

bool Engine::is_full() const noexcept {
  return stage_ != Stage::leaving && inbox_cost_ >= options_.queue_bytes;
}

void Engine::end_with(Error error) {
  if (is_out()) return;
  stage_ = Stage::lost;
  error_ = std::move(error);
  ready_.ring();
  changed_.notify_all();
}

Error Engine::why_out() const {
  if (error_) return *error_;
  return out_of_group(options_.group, "it has left");
}

Error Engine::why_not_in(int patience_ms) const {
  const std::string within = "within " + std::to_string(patience_ms) + " ms";
  if (connected_) {
    return not_joined(Errc::group_lost, options_.group,
                      "no view with this node was agreed " + within,
                      "see with corosync-quorumtool whether the cluster stands, and whether a "
                      "process of the group is stopped");
  }
  if (complaint_.empty()) {
    return not_joined(Errc::group_lost, options_.group,
                      "Corosync's daemon on this host did not answer " + within,
                      "see whether it is stopped");
  }
  return not_joined(
      Errc::group_lost, options_.group,
      "Corosync's daemon on this host could not be reached " + within + " (" + complaint_ + ")",
      "see whether it runs, and its log");
}

Result<void> Engine::wait_until_in(int patience_ms) {
  const std::stop_callback wake(options_.stop, [this] {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  const auto is_settled = [&] {
    return stage_ != Stage::joining || options_.stop.stop_requested();
  };
  if (!changed_.wait_for(lock, from(patience_ms), is_settled)) {
    return tl::unexpected(why_not_in(patience_ms));
  }
  if (is_out()) return tl::unexpected(why_out());
  if (stage_ == Stage::joining) return tl::unexpected(join_cancelled(options_.group));
  return {};
}

std::size_t Engine::max_message() const {
  const std::lock_guard lock(mutex_);
  return max_message_;
}

/// Where nothing waits it goes from here: that saves a change of threads, and never waits.
Result<bool> Engine::multicast(ByteView message) {
  const EnvelopeHead head = envelope_head(MessageType::data, message);
  const std::lock_guard lock(mutex_);
  if (stage_ != Stage::in) return tl::unexpected(why_out());
  if (!sender_.has_room(message.size())) return false;
  const bool goes = connected_ && may_send_ && sender_.nothing_waits() && sender_.is_window_open();
  if (goes && daemon_->multicast(head, message) == Answer::done) {
    sender_.went(head, message);
    return true;
  }
  sender_.push(head, message);
  // The thread tries again, or finds out why not. Else it looks here when something has changed.
  if (goes) wake_.ring();
  return true;
}

Result<void> Engine::take(std::deque<Arrival>& out, std::size_t limit) {
  turn_here();
  const std::lock_guard lock(mutex_);
  const bool was_full = is_full();
  while (out.size() < limit && !inbox_.empty()) {
    inbox_cost_ -= cost_of(inbox_.front());
    out.push_back(std::move(inbox_.front()));
    inbox_.pop_front();
  }
  if (was_full && !is_full()) wake_.ring();
  if (out.empty() && is_out()) return tl::unexpected(why_out());
  if (inbox_.empty() && !is_out()) {
    ready_.hush();
  } else {
    ready_.ring();
  }
  return {};
}

Result<void> Engine::leave(int patience_ms) {
  std::unique_lock lock(mutex_);
  if (is_out()) return tl::unexpected(why_out());
  stage_ = Stage::leaving;
  inbox_.clear();
  inbox_cost_ = 0;
  wake_.ring();
  static_cast<void>(changed_.wait_for(lock, from(patience_ms), [&] { return is_out(); }));
  if (stage_ == Stage::left) return {};
  if (!is_out()) {
    end_with(out_of_group(options_.group, "the group did not take its leave in time"));
    wake_.ring();
    daemon_->interrupt();
  }
  return tl::unexpected(why_out());
}

}  // namespace storemark::corosync_group
