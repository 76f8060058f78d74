// SPDX-License-Identifier: Apache-2.0
// The driver's thread: it waits for the group, for the broker's requests, for the worker and for
// the clock, and hands each to the member.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "driver/guarded_broker.hpp"
#include "driver/inbox.hpp"
#include "driver/member.hpp"
#include "driver/start.hpp"
#include "driver/wake.hpp"
#include "driver/worker.hpp"

namespace storemark::driver {

class Loop {
 public:
  struct Parts {
    DriverOptions options;
    Broker& broker;
    std::unique_ptr<Group> group;
    std::optional<Journal> journal;
    StoreFacts facts;
    Timing timing;
  };
  /// Takes the member's place in the group, in a thread of its own.
  [[nodiscard]] static Result<std::unique_ptr<Loop>> start(Parts parts);
  /// Leaves, and waits.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Threads: any.
  [[nodiscard]] Inbox::Answer publish(std::span<const std::uint8_t> event, std::uint64_t token);
  [[nodiscard]] Inbox::Answer shut_down();
  /// The longest event that group and protocol take.
  [[nodiscard]] std::size_t max_event() const noexcept { return max_event_; }
  void leave() noexcept;
  [[nodiscard]] Status status() const;
  [[nodiscard]] Stopped wait();
  /// The caller is a call on the broker.
  [[nodiscard]] bool is_own_thread() const noexcept {
    return thread_.get_id() == std::this_thread::get_id() || worker_->is_own_thread();
  }

 private:
  using Time = std::chrono::steady_clock::time_point;
  /// Passes on what the group delivers, and remembers that the membership changed.
  struct Listener final : GroupListener {
    explicit Listener(Member& to) : member(to) {}
    void view_changed(const GroupView& view) override {
      changed = true;
      member.view_changed(view);
    }
    void delivered(GroupNode from, std::span<const std::uint8_t> message) override {
      member.delivered(from, message);
    }
    Member& member;
    bool changed = false;
  };

  Loop(Parts parts, Wake wake);

  // loop.cpp
  void run() noexcept;
  void serve();
  void serve_once();
  void close(Stopped how);
  void wait_for_something();
  void dispatch();
  void take_outcome();
  void send_out();
  void open_or_close();
  [[nodiscard]] bool take_requests();
  void give_task();

  // loop_status.cpp
  [[nodiscard]] int patience() const;
  [[nodiscard]] std::optional<Time> limit_of_waiting() const;
  void keep_status();
  void tell(Status status, Time now);
  void keep_time_limit();
  void finish(Stopped how);

  const DriverOptions options_;
  const Timing timing_;
  GuardedBroker broker_;
  std::unique_ptr<Group> group_;
  const std::size_t max_event_;
  Wake wake_;
  Inbox inbox_;
  std::unique_ptr<Worker> worker_;
  std::optional<Member> member_;
  std::optional<Listener> listener_;

  // Of the loop alone.
  bool has_room_ = true;     // the group took all that there was
  bool owes_ = false;        // it may have published what is not answered
  bool said_ready_ = false;  // as the last status says
  bool stale_ = true;        // the last status is behind
  Time next_beat_{};
  std::optional<Time> waiting_since_;

  std::atomic<bool> leaving_{false};
  mutable std::mutex mutex_;  // over what follows
  std::condition_variable finished_;
  Status status_;
  std::optional<Stopped> stopped_;
  std::thread thread_;
};

}  // namespace storemark::driver
