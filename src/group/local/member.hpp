// SPDX-License-Identifier: Apache-2.0
// One node: what it has received, what of it all have and may be delivered, what it has sent and
// not yet seen come back. Outlives the hubs. Pure: frames in, frames out.
#pragma once

#include <functional>
#include <optional>

#include "group/local/hub.hpp"

namespace storemark::local_group {

class Member {
 public:
  enum class Stage : std::uint8_t { outside, in, left, lost };

  /// `new_node` draws a number for a node.
  Member(std::string name, std::size_t queue_bytes, std::function<std::uint64_t()> new_node);

  // The connection.
  void connected();
  void disconnected();
  /// False: the hub speaks nonsense; the connection is to be closed, and the node is out.
  [[nodiscard]] bool frame(const Frame& frame);
  [[nodiscard]] Outgoing& output() noexcept { return out_; }
  /// While what may be delivered waits in such an amount, nothing more is to be read.
  [[nodiscard]] bool is_full() const noexcept { return inbox_cost_ >= queue_bytes_; }

  // Being without a hub.
  /// It has delivered a view, and must be asked before the group goes on. One that has not begins
  /// anew: it may lack what came before its first view, and could not hand it on.
  [[nodiscard]] bool survives() const noexcept { return stage_ == Stage::in; }
  /// Whether the mark says that the group went on without it. If so it is out, or begins anew.
  [[nodiscard]] bool is_left_behind(const Mark& mark);
  void lose(Refused why);

  // The application.
  /// Takes a message to be sent; false: no room, and room_again() will say when.
  [[nodiscard]] bool offer(ByteView message);
  /// Once after offer() said false, when there is room.
  [[nodiscard]] bool room_again();
  void leave();
  /// What may be delivered, in order.
  [[nodiscard]] std::optional<Item> take();
  [[nodiscard]] bool has_deliveries() const noexcept { return !inbox_.empty(); }

  [[nodiscard]] Stage stage() const noexcept { return stage_; }
  [[nodiscard]] std::uint64_t node() const noexcept { return node_; }
  [[nodiscard]] const Uuid& group() const noexcept { return group_; }
  /// Why it is lost.
  [[nodiscard]] const Refused& why() const noexcept { return why_; }
  /// What is kept in memory, in bytes.
  [[nodiscard]] std::size_t cost() const noexcept {
    return inbox_cost_ + pending_cost_ + unseen_cost_;
  }

 private:
  struct Sent {
    std::uint64_t count = 0;
    SharedFrame frame;
  };
  struct Pending {
    Item item;
    std::uint64_t chain_before = 0;
  };

  bool sync(const Sync& sync);
  bool item(Item item);
  bool take_view(const Item& item);
  bool see_own(const Item& item);
  bool commit(const Point& point);
  bool deliver(Item item);
  bool request(std::uint64_t first);
  bool refused(Refused refused);
  void begin_anew();
  [[nodiscard]] Hello hello() const;

  const std::string name_;
  const std::size_t queue_bytes_;
  const std::function<std::uint64_t()> new_node_;
  Stage stage_ = Stage::outside;
  Refused why_;
  bool leaving_ = false;

  std::uint64_t node_;
  Uuid group_;
  std::uint64_t term_ = 0;
  Point received_;
  std::uint64_t committed_ = 0;
  GroupView view_;  ///< the newest received
  std::uint64_t view_number_ = 0;
  bool synced_ = false;  ///< with the hub of this connection

  Outgoing out_;
  std::deque<Pending> pending_;  ///< received, not committed
  std::size_t pending_cost_ = 0;
  std::deque<Item> inbox_;  ///< committed, not taken
  std::size_t inbox_cost_ = 0;
  std::deque<Sent> unseen_;  ///< sent or to be sent, not yet received back
  std::size_t unseen_cost_ = 0;
  std::uint64_t count_ = 0;
  bool wants_room_ = false;
};

}  // namespace storemark::local_group
