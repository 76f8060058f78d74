// SPDX-License-Identifier: Apache-2.0
// What the broker's threads ask for, until the driver's thread takes it: events to publish and the
// shutdown, in the order in which they were asked. Bounded.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace storemark::driver {

/// Events without bytes take memory, too.
inline constexpr std::size_t most_waiting = std::size_t{1} << 16;

struct Request {
  std::vector<std::uint8_t> event;
  std::uint64_t token = 0;
  bool shut_down = false;  ///< and no event
};

/// Threads: every call from any thread; none waits for another's work.
class Inbox {
 public:
  explicit Inbox(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  enum class Answer : std::uint8_t { taken, no_room, not_active };
  /// Something always fits where nothing waits.
  [[nodiscard]] Answer publish(std::span<const std::uint8_t> event, std::uint64_t token);
  /// Takes no room: it waits once, however often it is asked for.
  [[nodiscard]] Answer shut_down();

  /// Something is taken from now on.
  void open();
  /// Nothing is taken any more. Returns what waited, which is nobody's now.
  std::deque<Request> close();

  [[nodiscard]] std::optional<Request> next();
  /// All that next() has given was sent: it takes no more room.
  void sent();
  [[nodiscard]] bool is_empty() const;
  /// True once after somebody was told that there is no room, when there is again.
  [[nodiscard]] bool room_is_due();

 private:
  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::deque<Request> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::size_t taken_bytes_ = 0;
  bool active_ = false;
  bool refused_ = false;
  bool ends_ = false;  // a shutdown was asked for
};

}  // namespace storemark::driver
