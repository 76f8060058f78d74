// SPDX-License-Identifier: Apache-2.0
// A hub on real sockets: takes connections, checks whose they are, and moves bytes. One thread.
#pragma once

#include <poll.h>

#include <functional>

#include "group/local/link.hpp"
#include "group/local/place.hpp"

namespace storemark::local_group {

class HubServer {
 public:
  /// Told who was refused, and why.
  using Notice = std::function<void(const std::string&)>;

  /// The place that `ledger` stands for must be led; it must outlive this.
  HubServer(Ledger& ledger, OwnDescriptor listener, std::uint64_t self, const Mark& mark,
            bool founding, Notice notice);
  ~HubServer();
  HubServer(const HubServer&) = delete;
  HubServer& operator=(const HubServer&) = delete;

  /// What to wait for, behind what is there.
  void wait_for(std::vector<pollfd>& out);
  /// How long at most, in milliseconds; -1: for ever.
  [[nodiscard]] int patience() const;
  /// Does what can be done. `ready` is what wait_for() added, after poll.
  void serve(std::span<const pollfd> ready);
  /// It must go.
  [[nodiscard]] bool is_over() const noexcept { return hub_.is_over(); }

 private:
  void accept_all();
  bool accept_one();
  void admit(OwnDescriptor socket);
  void make_room();
  void read(Hub::Peer peer, short events);
  /// Hands on what has come. False: the peer is gone.
  bool take_frames(Hub::Peer peer, Link& link);
  void write_all();
  void drop_refused();
  void drop(Hub::Peer peer);

  OwnDescriptor listener_;
  Hub hub_;
  const Notice notice_;
  struct Connection {
    Link link;
    std::string who;
  };
  std::map<Hub::Peer, Connection> links_;
  std::vector<Hub::Peer> waited_for_;  ///< in the order of wait_for()
  Hub::Peer next_ = 1;
  bool no_descriptors_ = false;  ///< accept() could have none; tried again a little later
  bool held_back_ = false;       ///< frames wait in readers until the hub accepts
};

}  // namespace storemark::local_group
