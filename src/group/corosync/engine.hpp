// SPDX-License-Identifier: Apache-2.0
// One node of the group: asks the daemon, drives Order with what it tells, and hands over what
// Order gives, turn by turn. An application that dispatches takes the turns itself, which saves a
// change of threads for each message; a thread takes them where it does not, and all that may wait
// for the daemon. Everything that a call of the application touches is under one lock, which is
// never held while the daemon is waited for.
#pragma once

#include <poll.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <storemark/corosync_group.hpp>
#include <thread>

#include "group/bell.hpp"
#include "group/corosync/changes.hpp"
#include "group/corosync/entrance.hpp"
#include "group/corosync/sender.hpp"
#include "group/corosync/watch.hpp"

namespace storemark::corosync_group {

/// What the application is given.
using Arrival = std::variant<Install, Deliver>;

/// The thread has a share in it, so that one that waits for a stopped daemon has what it needs for
/// as long as that takes.
class Engine : public std::enable_shared_from_this<Engine>, private DaemonListener {
 public:
  /// Starts the thread. Errors: io_failed.
  [[nodiscard]] static Result<std::shared_ptr<Engine>> start(const CorosyncGroupOptions& options,
                                                             std::unique_ptr<Daemon> daemon);
  ~Engine() override = default;
  /// To be called once, before the last share but the thread's is given up: ends the thread, at
  /// once, or as soon as the daemon lets it. Waits for no more than half a second.
  void stop();

  // Threads: any.
  [[nodiscard]] Result<void> wait_until_in(int patience_ms);
  [[nodiscard]] Result<bool> multicast(ByteView message);
  /// At most `limit` items, behind what is there.
  [[nodiscard]] Result<void> take(std::deque<Arrival>& out, std::size_t limit);
  [[nodiscard]] Result<void> leave(int patience_ms);
  [[nodiscard]] GroupNode self() const noexcept { return {identity_}; }
  [[nodiscard]] int descriptor() const noexcept { return watched_.descriptor(); }
  /// Once it is in.
  [[nodiscard]] std::size_t max_message() const;

 private:
  Engine(const CorosyncGroupOptions& options, std::unique_ptr<Daemon> daemon, Bell wake, Bell ready,
         Watch watched);

  // The application's calls; the lock is held.
  enum class Stage : std::uint8_t { joining, in, leaving, left, lost };
  [[nodiscard]] bool is_out() const noexcept;
  [[nodiscard]] Error why_out() const;
  [[nodiscard]] Error why_not_in(int patience_ms) const;
  [[nodiscard]] bool is_full() const noexcept;
  [[nodiscard]] static std::size_t cost_of(const Arrival& arrival) noexcept;
  void end_with(Error error);

  // The thread: engine_thread.cpp.
  void run();
  [[nodiscard]] bool open();
  [[nodiscard]] bool pause(int milliseconds);
  void end();
  [[nodiscard]] bool turn();
  using Ready = std::array<pollfd, 3>;
  [[nodiscard]] Ready wait();
  [[nodiscard]] int patience() const;
  void set_pause();
  void tell_of_arrivals();
  void leave_when_sent();
  void tell(const std::vector<std::string>& notices);

  // A turn, of whoever holds turn_mutex_: engine_turn.cpp.
  void turn_here();
  void take_events(const Ready& ready);
  [[nodiscard]] bool digest();
  void refill();
  void ask();
  void mind_the_silent();
  void act();
  [[nodiscard]] bool settle();
  void receive();
  void pump();
  void lose(Answer answer);
  void lose(std::string why);

  // DaemonListener
  void message(Address from, ByteView bytes) override;
  void processes(const Processes& change) override;
  void ring(const RingId& ring) override;
  void quorum(std::uint64_t ring_seq, bool quorate) override;
  void configure(std::optional<Configuration> item);

  const CorosyncGroupOptions options_;
  const std::uint64_t identity_;
  const std::unique_ptr<Daemon> daemon_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Stage stage_ = Stage::joining;
  std::optional<Error> error_;  ///< why it is lost
  bool stopping_ = false;
  bool done_ = false;       ///< the thread asks nothing more of anybody
  bool connected_ = false;  ///< messages may be given to the daemon
  std::string complaint_;   ///< why it is not yet
  Sender sender_;
  bool may_send_ = false;
  std::deque<Arrival> inbox_;
  std::size_t inbox_cost_ = 0;
  std::size_t max_message_ = 0;
  Bell wake_;
  Bell ready_;
  Watch watched_;  ///< readable where ready_ is, or the daemon has told something
  std::atomic<bool> attended_ = false;  ///< the application takes turns

  // Held while somebody is told; then only the thread has it.
  std::mutex notice_mutex_;
  bool is_silent_ = false;

  // Of a turn. Locked before mutex_.
  std::mutex turn_mutex_;
  bool is_open_ = false;  ///< there is a daemon to ask
  using Clock = std::chrono::steady_clock;
  std::optional<Order> order_;
  std::optional<Changes> changes_;
  Entrance entrance_;
  RingId ring_;
  Daemon::Facts facts_;
  std::optional<Error> failure_;  ///< met in this turn
  std::size_t taken_ = 0;         ///< events in this turn
  std::size_t taken_bytes_ = 0;
  bool emptied_ = false;
  bool owes_question_ = false;
  bool left_ = false;
  bool leave_said_ = false;
  bool refused_ = false;  ///< the daemon had no room for something in this turn
  int pause_ms_ = 0;      ///< until it is asked again
  std::optional<std::uint64_t> awaited_;
  std::chrono::nanoseconds waited_{0};
  Clock::time_point last_turn_;
  struct CameBack {
    EnvelopeHead head{};
    bool counts = false;
  };
  std::vector<CameBack> came_back_;
  std::vector<Bytes> controls_;
  std::vector<Arrival> arrivals_;
  std::vector<std::string> notices_;
  std::uint64_t own_delivered_ = 0;
  std::thread thread_;
};

}  // namespace storemark::corosync_group
