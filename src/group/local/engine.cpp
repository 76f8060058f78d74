// SPDX-License-Identifier: Apache-2.0
// The thread's turns, and what the application calls; engine_seek.cpp has what it does without a
// hub.
#include "group/local/engine.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <new>
#include <system_error>

#include "group/local/errors.hpp"
#include "group/random_node.hpp"

namespace storemark::local_group {
namespace {

constexpr int longest_pause_ms = 20;
/// What one turn takes from the hub before the application can come between.
constexpr int reads_in_a_turn = 8;

std::chrono::milliseconds from(int patience_ms) {
  return std::chrono::milliseconds(patience_ms < 0 ? 0 : patience_ms);
}

}  // namespace

Engine::Engine(const LocalGroupOptions& options, std::unique_ptr<Place> place, Bell wake,
               Bell ready)
    : notice_(options.notice),
      path_(place->path()),
      member_(options.name, options.queue_bytes, [] { return random_node(max_node); }),
      wake_(std::move(wake)),
      ready_(std::move(ready)),
      place_(std::move(place)) {}

Result<std::unique_ptr<Engine>> Engine::start(const LocalGroupOptions& options,
                                              std::unique_ptr<Place> place) {
  const std::string path = place->path();
  auto wake = Bell::make();
  if (!wake) return tl::unexpected(not_joined(wake.error(), path));
  auto ready = Bell::make();
  if (!ready) return tl::unexpected(not_joined(ready.error(), path));
  std::unique_ptr<Engine> out(
      new Engine(options, std::move(place), std::move(*wake), std::move(*ready)));
  const int failed = out->spawn();
  if (failed != 0) return tl::unexpected(not_joined({failed, "pthread_create", 0}, path));
  return out;
}

int Engine::spawn() {
  // The broker's signals are for its own threads: ours inherits a mask that lets none through.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  int failed = 0;
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& error) {
    failed = error.code().value();
  } catch (const std::bad_alloc&) {
    failed = ENOMEM;
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return failed;
}

Engine::~Engine() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.ring();
  }
  if (thread_.joinable()) thread_.join();
}

bool Engine::is_out() const {
  const auto stage = member_.stage();
  return error_ || stopping_ || stage == Member::Stage::left || stage == Member::Stage::lost;
}

void Engine::run() {
  try {
    while (turn()) {
    }
  } catch (const std::bad_alloc&) {
    const std::lock_guard lock(mutex_);
    member_.lose({Refusal::not_welcome, "there is no memory"});
  }
  end();
}

/// Everything goes, in this order: nobody leads while a connection of the old hub is open.
void Engine::end() {
  if (hub_) place_->remove_socket();
  hub_.reset();
  link_.reset();
  place_.reset();
  const std::lock_guard lock(mutex_);
  // Whoever waits is told; the rest stays to be taken.
  ready_.ring();
  changed_.notify_all();
}

int Engine::patience() const {
  int out = hub_ ? hub_->patience() : -1;
  const int pause = tries_ < longest_pause_ms ? tries_ : longest_pause_ms;
  if (!link_ && (out < 0 || out > pause)) out = pause;
  return out;
}

void Engine::wait(std::vector<pollfd>& ready, int patience) {
  ready.clear();
  ready.push_back({wake_.descriptor(), POLLIN, 0});
  {
    const std::lock_guard lock(mutex_);
    const bool reads = !member_.is_full();
    const bool writes = link_ && !member_.output().empty() && !link_->is_deaf();
    const int events = (reads ? POLLIN : 0) | (writes ? POLLOUT : 0);
    ready.push_back({link_ ? link_->descriptor() : -1, static_cast<short>(events), 0});
  }
  if (hub_) hub_->wait_for(ready);
  if (::poll(ready.data(), ready.size(), patience) < 0) {
    for (pollfd& one : ready) one.revents = 0;
  }
}

bool Engine::turn() {
  std::vector<pollfd> ready;
  wait(ready, patience());
  if (hub_) hub_->serve(std::span(ready).subspan(2));
  const std::lock_guard lock(mutex_);
  wake_.hush();
  if (link_) serve_member(ready[1].revents);
  if (hub_ && hub_->is_over()) {
    member_.lose({Refusal::not_welcome, "the lock file could not be written"});
  }
  if (is_out()) return false;
  if (!link_) seek();
  if (member_.has_deliveries() || member_.room_again()) ready_.ring();
  changed_.notify_all();
  return !is_out();
}

void Engine::serve_member(short events) {
  read_member(events);
  if (link_) write_member();
}

void Engine::read_member(short events) {
  // After the hub's end all that it had sent is taken, however full it is here: by what each has
  // received the next hub goes on.
  const bool over = (events & (POLLHUP | POLLERR | POLLNVAL)) != 0;
  for (int i = 0; over || (i < reads_in_a_turn && !member_.is_full()); ++i) {
    const Link::Read came = link_->read();
    if (came == Link::Read::some && !take_frames()) return;
    if (came == Link::Read::nothing && !over) return;
    if (came != Link::Read::some) return disconnect();
  }
}

bool Engine::take_frames() {
  Frame frame;
  for (;;) {
    switch (link_->frames().next(frame)) {
      case FrameReader::Next::more:
        return true;
      case FrameReader::Next::fault:
        member_.lose({Refusal::not_welcome, std::string(words_for(link_->frames().fault()))});
        return false;
      case FrameReader::Next::frame:
        if (!member_.frame(frame)) {
          member_.lose({Refusal::not_welcome, "the hub said what has no place here"});
        }
        if (is_out()) return false;
    }
  }
}

void Engine::write_member() {
  Outgoing& out = member_.output();
  while (!out.empty()) {
    const std::size_t size = link_->write(out);
    if (size == 0) return;
    static_cast<void>(out.wrote(size));
  }
}

void Engine::disconnect() {
  link_.reset();
  member_.disconnected();
  tries_ = 0;
}

Result<void> Engine::wait_until_in(int patience_ms, const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  const auto settled = [&] {
    return is_out() || member_.stage() == Member::Stage::in || stop.stop_requested();
  };
  if (!changed_.wait_for(lock, from(patience_ms), settled)) {
    const std::string hub = hub_process_ == 0 ? "nobody" : "pid " + std::to_string(hub_process_);
    return tl::unexpected(
        not_joined(Errc::group_lost, path_,
                   "it did not take this node within " + std::to_string(patience_ms) +
                       " ms; its hub is " + hub,
                   "see whether a node there is stopped: the others wait for it"));
  }
  if (error_) return tl::unexpected(*error_);
  if (member_.stage() == Member::Stage::in) return {};
  if (!is_out()) return tl::unexpected(join_cancelled(path_));
  return tl::unexpected(not_joined(Errc::group_refused, path_, member_.why().reason,
                                   "run all nodes as one user and from one version"));
}

Error Engine::why_out() const {
  if (error_) return *error_;
  if (member_.stage() == Member::Stage::left) return out_of_group(path_, "it has left");
  return out_of_group(path_, member_.why().reason);
}

Result<bool> Engine::multicast(ByteView message) {
  const std::lock_guard lock(mutex_);
  if (is_out()) return tl::unexpected(why_out());
  if (!member_.offer(message)) return false;
  wake_.ring();
  return true;
}

Result<void> Engine::take(std::deque<Item>& out, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  const bool was_full = member_.is_full();
  while (out.size() < limit) {
    auto item = member_.take();
    if (!item) break;
    out.push_back(std::move(*item));
  }
  if (was_full && !member_.is_full()) wake_.ring();
  if (out.empty() && is_out()) return tl::unexpected(why_out());
  if (!member_.has_deliveries() && !is_out()) ready_.hush();
  return {};
}

Result<void> Engine::leave(int patience_ms) {
  std::unique_lock lock(mutex_);
  if (is_out()) return tl::unexpected(why_out());
  member_.leave();
  wake_.ring();
  static_cast<void>(changed_.wait_for(lock, from(patience_ms), [&] { return is_out(); }));
  if (member_.stage() == Member::Stage::left) return {};
  if (!is_out()) member_.lose({Refusal::not_welcome, "the group did not take its leave in time"});
  wake_.ring();
  return tl::unexpected(why_out());
}

GroupNode Engine::self() const {
  const std::lock_guard lock(mutex_);
  return GroupNode{member_.node()};
}

std::size_t Engine::cost() const {
  const std::lock_guard lock(mutex_);
  return member_.cost();
}

}  // namespace storemark::local_group
