// SPDX-License-Identifier: Apache-2.0
// A simulated network and the groups on it. Hosts stand on sides of it; the nodes of one side are a
// component with an order and views of its own. Nodes come, leave and die, sides split and merge.
// Each node takes what was ordered at its own pace.
//
// What is promised is what group.hpp promises: those who stay together see one sequence. When a
// component changes, what those who are gone from it have sent may be lost to those who stay, from
// some point on, where none of them has seen it; it may have been delivered elsewhere. Of two nodes
// of one view, what one has seen in it is always the beginning of what the other has.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <storemark/group.hpp>
#include <vector>

#include "simulator/random.hpp"

namespace storemark::simulator {

using Bytes = std::vector<std::uint8_t>;

struct NetworkLimits {
  std::size_t inbox = 512;  ///< items that a node has not taken; then nobody gets a place
  std::size_t votes = 0;    ///< configured, one for each host; 0: views know of no quorum
  bool hosts_vote = false;  ///< whether a process runs there or not; else where one does
  std::size_t outbox = 16;  ///< messages that have no place yet; then multicast() says no
};

class Network {
 public:
  Network(Random& random, std::size_t hosts, NetworkLimits limits);

  /// A place for a process on this host. `gone` says that the process has died: from then on its
  /// calls have no effect.
  [[nodiscard]] std::unique_ptr<Group> join(std::size_t host, std::function<bool()> gone);

  // What the schedule lets happen; false where there was nothing of the kind.
  /// Some message gets its place in the order of its component.
  bool order_one();
  /// The others see that some node is dead.
  bool notice_death();
  /// The hosts are cut into sides at random.
  bool partition();
  /// Two sides, or all, become one.
  bool heal(bool all);
  /// The connection of the host's node, if it has one, is lost.
  bool disconnect(std::size_t host);

  [[nodiscard]] bool connected(std::size_t a, std::size_t b) const {
    return sides_[a] == sides_[b];
  }
  [[nodiscard]] bool whole() const;
  /// Something waits for this host's node.
  [[nodiscard]] bool has_mail(std::size_t host) const;
  /// Nothing waits to be ordered or taken, and every death was noticed.
  [[nodiscard]] bool quiet() const;
  [[nodiscard]] std::uint64_t deliveries() const noexcept { return deliveries_; }

 private:
  friend class SimGroup;

  struct Item {
    std::shared_ptr<const GroupView> view;  // or else a message
    GroupNode from;
    std::shared_ptr<const Bytes> bytes;
  };
  struct Node {
    GroupNode id;
    std::size_t host = 0;
    bool alive = true;
    bool lost = false;  // its connection
    std::deque<Item> inbox;
    std::deque<std::shared_ptr<const Bytes>> outbox;
  };
  using Nodes = std::vector<std::shared_ptr<Node>>;  // ascending by id
  struct Component {
    Nodes nodes;
    std::size_t shared = 0;  // how many items all nodes were given alike, at the end
  };

  void append(Component& component, const Item& item);
  void new_view(Component& component);
  [[nodiscard]] std::size_t votes_of(const Component& component) const;
  [[nodiscard]] static bool is_from_outside(const Component& component, const Item& item);
  void forget_some(Component& component);
  void order_next(Component& component, Node& sender);
  [[nodiscard]] bool has_room(const Component& component) const;
  void remove(const std::shared_ptr<Node>& node, bool left);
  [[nodiscard]] Component& component_of(const Node& node) { return components_[sides_[node.host]]; }

  Random& random_;
  NetworkLimits limits_;
  std::vector<std::size_t> sides_;  // by host
  std::vector<std::shared_ptr<Node>> last_of_host_;
  std::map<std::size_t, Component> components_;  // by side
  std::uint64_t last_node_ = 0;
  std::uint64_t deliveries_ = 0;
};

}  // namespace storemark::simulator
