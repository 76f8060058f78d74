// SPDX-License-Identifier: Apache-2.0
// A daemon for one process, that does what a test wants. What the process sends comes back to it.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <variant>

#include "group/bell.hpp"
#include "group/corosync/daemon.hpp"

namespace storemark::corosync_group {

enum class Call : std::uint8_t {
  join,
  take_event,
  take_quorum,
  count_departures,
  leave,
  close,
  multicast
};

/// What the test does to the daemon. Threads: any. Outlives the group.
class Script {
 public:
  static constexpr Address self{1, 4242};
  static constexpr std::size_t max_message = 1000;

  Script();
  [[nodiscard]] std::unique_ptr<Daemon> daemon();

  /// The next calls of that kind answer so; the last answer is given for ever where it says so.
  void answer(Call call, Answer answer, std::size_t times = 1);
  void answer_always(Call call, Answer answer);
  /// Calls of that kind do not return until thaw(), or an interrupt().
  void freeze(Call call);
  void thaw();
  /// Until somebody is in a frozen call.
  void wait_until_frozen();
  /// Until the daemon's connection was closed for good: the group's thread is at its end.
  void wait_until_destroyed();
  /// Until the call was made so often.
  void wait_for(Call call, std::size_t times);

  void message(Address from, ByteView bytes);
  void processes(DaemonListener::Processes change);
  /// Somebody else comes, alone. It says no Hello of itself, but agrees with whatever this process
  /// agrees to.
  void comes(Address who);
  void ring(const RingId& ring);
  void quorum(std::uint64_t seq, bool quorate);
  /// What the process sends from here on comes back behind what is told before release().
  void hold();
  void release();
  /// A node has left the ring, and the next one is not yet told of.
  void departs();
  void set_quorum_configured();
  /// Messages of this process from here on are accepted, and lost.
  void swallow();

  [[nodiscard]] std::size_t made(Call call) const;
  /// The application's messages that the daemon took.
  [[nodiscard]] std::size_t data_taken() const;
  [[nodiscard]] std::size_t untaken() const;

 private:
  friend class ScriptedDaemon;
  struct Message {
    Address from;
    Bytes bytes;
  };
  struct QuorumWord {
    std::uint64_t seq;
    bool quorate;
  };
  using Event = std::variant<Message, DaemonListener::Processes, RingId>;

  void push(Event event);
  [[nodiscard]] Answer enter(Call call, std::unique_lock<std::mutex>& lock);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Event> events_;
  std::deque<QuorumWord> quorum_;
  Bell event_bell_;
  Bell quorum_bell_;
  std::map<Call, std::deque<Answer>> answers_;
  std::map<Call, Answer> always_;
  std::map<Call, std::size_t> made_;
  std::size_t data_taken_ = 0;
  std::optional<Call> frozen_;
  bool in_frozen_ = false;
  bool interrupted_ = false;
  bool destroyed_ = false;
  bool swallows_ = false;
  bool holds_ = false;
  std::deque<Message> held_;
  bool has_quorum_ = false;
  std::uint64_t departures_ = 7;
  std::vector<Address> members_;
  std::optional<Address> other_;
};

}  // namespace storemark::corosync_group
