// SPDX-License-Identifier: Apache-2.0
// Many members and their hubs on wires that a seed drives: bytes move in pieces of any size,
// members join, send, leave and die at any moment, the hub's most of all. The kernel's part is as
// it is with sockets: what was written can be read after the writer's death, then comes the end.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "group/local/member.hpp"

namespace storemark::local_group {

/// What happened, so that a test can say that it was worth something.
struct Count {
  std::size_t delivered = 0;
  std::size_t hubs = 0;  ///< that ended
  std::size_t hubs_in_takeover = 0;
  std::size_t requests = 0;  ///< to one that came further
  std::size_t refused = 0;
};

/// One direction of a connection, with a bound like a socket's.
struct Wire {
  Bytes bytes;
  bool ended = false;
};

class Simulation : public Ledger {
 public:
  explicit Simulation(std::uint64_t seed, std::size_t wire_bytes = 600);

  struct Node {
    explicit Node(Member made) : member(std::move(made)) {}
    Member member;
    std::unique_ptr<Hub> hub;  ///< while it leads
    bool alive = true;
    bool stopped = false;  ///< takes no step
    bool connected = false;
    std::uint64_t holds = 0;  ///< its lock
    FrameReader from_hub;
    Wire down;  ///< from the hub
    Wire up;
    Hub::Peer peer = 0;
    std::vector<std::string> delivered;  ///< "v:ID" and "NODE:TEXT"
    std::uint64_t sent = 0;
  };

  std::size_t add();
  /// One thing that may happen happens.
  void step();
  void send(std::size_t index);
  void kill(std::size_t index);
  /// The hub ends the connection of one that lives.
  void cut_off(std::size_t index);
  void leave(std::size_t index) { nodes_[index]->member.leave(); }
  /// Steps until nothing moves any more. False: it goes on for ever.
  [[nodiscard]] bool settles();

  [[nodiscard]] std::vector<std::unique_ptr<Node>>& nodes() { return nodes_; }
  [[nodiscard]] std::optional<std::size_t> hub() const { return leader_; }
  [[nodiscard]] const Count& count() const { return count_; }
  [[nodiscard]] std::size_t below(std::size_t bound) { return engine_() % bound; }

  /// Empty, or what does not hold.
  [[nodiscard]] std::string check_orders() const;
  /// That all who are in have the same, and all that they sent.
  [[nodiscard]] std::string check_agreement() const;

  [[nodiscard]] bool keep(const Mark& mark) override;
  [[nodiscard]] bool lives(std::uint64_t node) override;

 private:
  void seek(std::size_t index);
  void lead(std::size_t index);
  void attach(std::size_t index);
  void cut(Node& node);
  void end_hub(std::size_t index);
  bool write_up(Node& node);
  bool read_down(Node& node);
  bool hub_reads(Node& node);
  bool hub_writes(Node& node);
  void drop_refused();
  void take(Node& node);
  [[nodiscard]] bool move(std::size_t index, unsigned what);

  std::mt19937_64 engine_;
  const std::size_t wire_bytes_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::map<std::size_t, FrameReader> at_hub_;
  std::optional<std::size_t> leader_;  ///< who holds the hub's lock
  std::vector<std::size_t> attached_;  ///< to the present hub
  Mark mark_;
  Count count_;
  std::uint64_t next_peer_ = 1;
  std::uint64_t next_node_ = 1;
};

}  // namespace storemark::local_group
