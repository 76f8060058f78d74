// SPDX-License-Identifier: Apache-2.0
#include "simulator/sim_group.hpp"

#include <algorithm>
#include <set>

namespace storemark::simulator {

class SimGroup final : public Group {
 public:
  SimGroup(Network& network, std::shared_ptr<Network::Node> node, std::function<bool()> gone)
      : network_(network), node_(std::move(node)), gone_(std::move(gone)) {}
  ~SimGroup() override { node_->alive = false; }

  GroupNode self() const noexcept override { return node_->id; }
  std::size_t max_message() const noexcept override { return std::size_t{2} << 20; }
  int descriptor() const noexcept override { return -1; }

  Result<bool> multicast(std::span<const std::uint8_t> message) override {
    if (gone_() || node_->lost) return lost();
    if (node_->outbox.size() >= network_.limits_.outbox) return false;
    node_->outbox.push_back(std::make_shared<const Bytes>(message.begin(), message.end()));
    return true;
  }

  Result<std::size_t> dispatch(GroupListener& listener, std::size_t limit) override {
    std::size_t count = 0;
    for (; count < limit && !node_->inbox.empty(); ++count) {
      if (gone_() || node_->lost) return lost();
      const Network::Item item = std::move(node_->inbox.front());
      node_->inbox.pop_front();
      ++network_.deliveries_;
      if (item.view) {
        listener.view_changed(*item.view);
      } else {
        listener.delivered(item.from, *item.bytes);
      }
    }
    if (node_->lost) return lost();
    return count;
  }

  Result<void> leave(int) override {
    if (gone_() || node_->lost) return lost();
    if (node_->alive) network_.remove(node_, true);
    node_->alive = false;
    return {};
  }

 private:
  static tl::unexpected<Error> lost() {
    return tl::unexpected(Error{Errc::group_lost, "the group is gone", "simulated",
                                "the connection was lost", "start again"});
  }

  Network& network_;
  std::shared_ptr<Network::Node> node_;
  std::function<bool()> gone_;
};

Network::Network(Random& random, std::size_t hosts, NetworkLimits limits)
    : random_(random), limits_(limits), sides_(hosts, 0), last_of_host_(hosts) {}

std::unique_ptr<Group> Network::join(std::size_t host, std::function<bool()> gone) {
  auto node = std::make_shared<Node>();
  node->id = {++last_node_};
  node->host = host;
  Component& component = component_of(*node);
  component.nodes.push_back(node);
  last_of_host_[host] = node;
  new_view(component);
  return std::make_unique<SimGroup>(*this, std::move(node), std::move(gone));
}

void Network::append(Component& component, const Item& item) {
  for (const auto& node : component.nodes) node->inbox.push_back(item);
  ++component.shared;
}

void Network::new_view(Component& component) {
  if (component.nodes.empty()) return;
  GroupView view;
  view.id = random_.uuid();
  for (const auto& node : component.nodes) {
    view.nodes.push_back(node->id);
    view.names.push_back("host " + std::to_string(node->host));
  }
  if (limits_.votes != 0) {
    view.quorum = 2 * votes_of(component) > limits_.votes ? Quorum::yes : Quorum::no;
  }
  component.shared = 0;
  append(component, {std::make_shared<const GroupView>(std::move(view)), {}, {}});
}

std::size_t Network::votes_of(const Component& component) const {
  if (!limits_.hosts_vote) return component.nodes.size();
  const auto side = sides_[component.nodes.front()->host];
  return static_cast<std::size_t>(std::ranges::count(sides_, side));
}

bool Network::is_from_outside(const Component& component, const Item& item) {
  return item.view || std::ranges::none_of(component.nodes, [&](const std::shared_ptr<Node>& node) {
           return node->id == item.from;
         });
}

void Network::forget_some(Component& component) {
  if (component.nodes.empty() || random_.one_in(2)) return;
  std::size_t unseen = component.shared;  // by all of them
  for (const auto& node : component.nodes) unseen = std::min(unseen, node->inbox.size());
  // Never what one who stays has sent, nor anything before that: two nodes that part have seen one
  // the beginning of what the other has.
  const auto& sample = component.nodes.front()->inbox;
  std::size_t most = 0;
  while (most < unseen && is_from_outside(component, sample[sample.size() - 1 - most])) ++most;
  const std::size_t forgotten = random_.below(most + 1);
  for (const auto& node : component.nodes) node->inbox.resize(node->inbox.size() - forgotten);
}

bool Network::has_room(const Component& component) const {
  return std::ranges::all_of(component.nodes, [&](const std::shared_ptr<Node>& node) {
    return !node->alive || node->inbox.size() < limits_.inbox;
  });
}

void Network::order_next(Component& component, Node& sender) {
  append(component, {nullptr, sender.id, std::move(sender.outbox.front())});
  sender.outbox.pop_front();
}

bool Network::order_one() {
  std::vector<std::pair<Component*, Node*>> senders;
  for (auto& [side, component] : components_) {
    if (!has_room(component)) continue;
    for (const auto& node : component.nodes) {
      if (!node->outbox.empty()) senders.emplace_back(&component, node.get());
    }
  }
  if (senders.empty()) return false;
  const auto& [component, sender] = random_.pick(senders);
  order_next(*component, *sender);
  return true;
}

void Network::remove(const std::shared_ptr<Node>& node, bool left) {
  Component& component = component_of(*node);
  // What a node sent before it died arrives up to some point; of one that left, all.
  std::size_t more = left ? node->outbox.size() : random_.below(node->outbox.size() + 1);
  for (; more > 0; --more) order_next(component, *node);
  std::erase(component.nodes, node);
  node->outbox.clear();
  if (!left) forget_some(component);
  new_view(component);
}

bool Network::notice_death() {
  std::vector<std::shared_ptr<Node>> dead;
  for (const auto& [side, component] : components_) {
    for (const auto& node : component.nodes) {
      if (!node->alive || node->lost) dead.push_back(node);
    }
  }
  if (dead.empty()) return false;
  remove(random_.pick(dead), false);
  return true;
}

bool Network::partition() {
  const std::vector<std::size_t> before = sides_;
  const std::uint64_t ways = random_.one_in(3) ? 3 : 2;
  const std::size_t base = *std::ranges::max_element(sides_) + 1;
  // Hosts that were apart stay apart.
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> named;
  for (std::size_t& side : sides_) {
    const auto key = std::pair(side, static_cast<std::size_t>(random_.below(ways)));
    side = named.try_emplace(key, base + named.size()).first->second;
  }
  std::map<std::size_t, Component> old = std::move(components_);
  components_.clear();
  for (auto& [side, component] : old) {
    std::set<std::size_t> made;
    for (const auto& node : component.nodes) {
      if (!node->alive || node->lost) continue;
      Component& part = components_[sides_[node->host]];
      part.nodes.push_back(node);
      part.shared = component.shared;
      made.insert(sides_[node->host]);
    }
    for (const std::size_t one : made) {
      Component& part = components_[one];
      const bool is_whole = part.nodes.size() == component.nodes.size();
      if (is_whole && !limits_.hosts_vote) continue;  // nothing changed for these
      forget_some(part);
      new_view(part);
    }
  }
  return true;
}

bool Network::heal(bool all) {
  const std::set<std::size_t> sides(sides_.begin(), sides_.end());
  if (sides.size() < 2) return false;
  std::vector<std::size_t> list(sides.begin(), sides.end());
  const std::size_t to = random_.pick(list);
  const std::size_t from = random_.pick(list);
  if (!all && from == to) return false;
  for (const std::size_t side : list) {
    if (side == to || (!all && side != from)) continue;
    Component moved = std::move(components_[side]);
    components_.erase(side);
    std::ranges::replace(sides_, side, to);
    Nodes& nodes = components_[to].nodes;
    if (moved.nodes.empty() && !limits_.hosts_vote) continue;
    nodes.insert(nodes.end(), moved.nodes.begin(), moved.nodes.end());
    std::ranges::sort(nodes, {}, [](const std::shared_ptr<Node>& node) { return node->id; });
    new_view(components_[to]);
  }
  return true;
}

bool Network::disconnect(std::size_t host) {
  const auto found = components_.find(sides_[host]);
  if (found == components_.end()) return false;
  for (const auto& node : found->second.nodes) {
    if (node->host != host || !node->alive || node->lost) continue;
    node->lost = true;
    return true;
  }
  return false;
}

bool Network::whole() const {
  return std::ranges::all_of(sides_, [&](std::size_t side) { return side == sides_.front(); });
}

bool Network::has_mail(std::size_t host) const {
  const Node* node = last_of_host_[host].get();
  return node != nullptr && node->alive && (node->lost || !node->inbox.empty());
}

bool Network::quiet() const {
  for (const auto& [side, component] : components_) {
    for (const auto& node : component.nodes) {
      if (!node->alive || node->lost || !node->inbox.empty() || !node->outbox.empty()) return false;
    }
  }
  return true;
}

}  // namespace storemark::simulator
