// SPDX-License-Identifier: Apache-2.0
// The thread of one node: keeps it connected to a hub, and is the hub where it falls to this node.
#pragma once

#include <condition_variable>
#include <mutex>
#include <storemark/local_group.hpp>
#include <thread>

#include "group/bell.hpp"
#include "group/local/hub_server.hpp"
#include "group/local/member.hpp"

namespace storemark::local_group {

class Engine {
 public:
  /// Starts the thread. Errors: io_failed.
  [[nodiscard]] static Result<std::unique_ptr<Engine>> start(const LocalGroupOptions& options,
                                                             std::unique_ptr<Place> place);
  /// Ends at once, without a word to the others.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Threads: any.
  [[nodiscard]] Result<void> wait_until_in(int patience_ms, const std::stop_token& stop);
  [[nodiscard]] Result<bool> multicast(ByteView message);
  /// At most `limit` items that may be delivered, behind what is there.
  [[nodiscard]] Result<void> take(std::deque<Item>& out, std::size_t limit);
  [[nodiscard]] Result<void> leave(int patience_ms);
  [[nodiscard]] GroupNode self() const;
  [[nodiscard]] int descriptor() const noexcept { return ready_.descriptor(); }
  [[nodiscard]] std::size_t cost() const;

 private:
  Engine(const LocalGroupOptions& options, std::unique_ptr<Place> place, Bell wake, Bell ready);
  [[nodiscard]] int spawn();
  void run();
  bool turn();
  void wait(std::vector<pollfd>& ready, int patience);
  [[nodiscard]] int patience() const;
  void end();

  // The node's own connection.
  void serve_member(short events);
  void read_member(short events);
  bool take_frames();
  void write_member();
  void disconnect();

  // Without one.
  void seek();
  [[nodiscard]] bool connect();
  void greet_hub(OwnDescriptor socket);
  void lead();
  [[nodiscard]] bool may_lead(const Mark& mark);
  void drop_old_lock();
  void begin_hub(Mark mark);
  void give_up(Error error);
  template <class T>
  [[nodiscard]] bool well(const io::IoResult<T>& result);

  [[nodiscard]] bool is_out() const;
  [[nodiscard]] Error why_out() const;

  const HubServer::Notice notice_;
  const std::string path_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Member member_;
  std::optional<Error> error_;  ///< the system's, which ended it
  bool stopping_ = false;
  Bell wake_;
  Bell ready_;

  // The thread's own.
  std::unique_ptr<Place> place_;
  std::unique_ptr<HubServer> hub_;
  std::unique_ptr<Link> link_;
  std::uint64_t held_node_ = 0;
  int hub_process_ = 0;
  int tries_ = 0;
  std::thread thread_;
};

}  // namespace storemark::local_group
