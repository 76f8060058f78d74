// SPDX-License-Identifier: Apache-2.0
// One node of the Corosync group: what the daemon delivered, what of it is certain, who is in the
// view, what may be handed over. PROTOCOL.md says why it is right. Pure: events in, actions out; no
// header of Corosync, no clock, no thread.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <storemark/group.hpp>
#include <string>
#include <variant>

#include "group/corosync/segment.hpp"

namespace storemark::corosync_group {

/// One change of the process group.
///
/// A ring change is one item: all confchg callbacks from the first with reason NODEDOWN or NODEUP
/// up to the totem callback that ends them. Should one of them (a PROCDOWN of a process that was
/// forgotten) be given as an item of its own just before, nothing goes wrong.
struct Configuration {
  std::vector<Address> members;  ///< from here on, in any order
  std::vector<Address> left;     ///< all that were reported as left, whatever the reason
  /// The ring of the totem callback, where this is a ring change; none where a process joined or
  /// left. The first item (the own join) must have it: of the newest totem callback, which the
  /// daemon may have given before the confchg; where it gave none, it does so right behind it. That
  /// it then tells the ring again does no harm.
  std::optional<RingId> ring;
  /// With `ring`: how many departures the daemon has told of, asked after the totem callback was
  /// dispatched, and before this call.
  std::uint64_t departures = 0;
};

/// Control bytes for all, to be sent in the order in which they are given, ahead of data that wait.
struct Multicast {
  Bytes bytes;
};
/// GroupListener::view_changed
struct Install {
  GroupView view;
};
/// GroupListener::delivered
struct Deliver {
  GroupNode from;
  Bytes message;
};
/// The group is over for this node; nothing follows.
struct Lost {
  Error error;
};
/// One line for the operator.
struct Notice {
  std::string text;
};
using Action = std::variant<Multicast, Install, Deliver, Lost, Notice>;

struct OrderOptions {
  Address self;
  /// Random, made at the join, 1 to 2^63 - 1: GroupNode::value.
  std::uint64_t identity = 0;
  std::string name;  ///< at most 64 bytes of UTF-8
  /// A quorum provider is configured: nothing is said for a ring before quorum() was told of it.
  bool has_quorum = false;
};

/// How to drive it: dispatch what has come; give each callback as configuration() or message(), in
/// their order; THEN see how many departures were told of, and give it to certain(). After each
/// event take next() until there is none. Once there was a Lost, events are ignored.
/// Data are sent as envelope_head(MessageType::data, message) and the message; or several as a
/// bundle.
class Order {
 public:
  explicit Order(OrderOptions options);

  // Events.
  void configuration(const Configuration& item);
  /// What the group delivered, also one's own. The bytes are the caller's again on return.
  void message(Address from, ByteView bytes);
  /// How many departures the daemon has told of, seen after all that was given so far had been
  /// taken from it. If there is none since this ring began, all that was given so far is certain:
  /// the daemon delivered it without a gap. Else nothing is learnt.
  void certain(std::uint64_t departures);
  /// The quorum provider's newest word; for the ring with this `seq`. May come before the ring
  /// does.
  void quorum(std::uint64_t ring_seq, bool quorate);
  /// What does not count, as entrance.hpp has it. It has no place in the order; but it may tell
  /// that the others go on without this node.
  void overheard(Address from, ByteView bytes);
  /// Puts out whoever is awaited; see awaiting(). Nothing happens while what this node says itself
  /// is not back. Whose Agree is awaited is put out by the second call only: where a Hello did not
  /// reach all, those who lack it come first.
  void exclude_silent();

  /// The next action, in order.
  [[nodiscard]] std::optional<Action> next();

  /// The half of a round that is open, by a number that grows; none while nobody's Hello or Agree
  /// is awaited. When it has been the same for as long as the caller's patience, exclude_silent()
  /// is due; again after as long.
  [[nodiscard]] std::optional<std::uint64_t> awaiting() const;
  /// Whether data may be sent: there is a view, and no round is open. What is sent otherwise may be
  /// overtaken, or be lost.
  [[nodiscard]] bool may_send() const noexcept;
  [[nodiscard]] bool is_lost() const noexcept { return lost_; }
  [[nodiscard]] GroupNode self() const noexcept { return {options_.identity}; }
  /// Data that were received and cannot be handed over yet, in bytes.
  [[nodiscard]] std::size_t cost() const noexcept { return cost_; }
  /// Data that were received, since ever.
  [[nodiscard]] std::uint64_t data_taken() const noexcept { return data_taken_; }

 private:
  /// A view, and who is where in it.
  struct Membership {
    GroupView view;
    std::map<Address, GroupNode> nodes;
  };

  /// What counts, or did, in one round.
  struct Heard {
    std::map<Address, std::uint64_t> hellos;  ///< by counter
    std::set<Address> agreed;
  };

  void begin_ring(const RingId& ring, std::uint64_t departures);
  void open_segment(std::vector<Address> members);
  void close_segment();
  void take_data(Address from, ByteView message);
  void take_bundle(Address from, ByteView body);
  void take_renew(Address from);
  [[nodiscard]] Error out_of_group(std::string why, std::string todo) const;
  void lose(Error error);
  void notice_once(Address from, const std::string& why);

  // order_rounds.cpp
  void say_hello();
  void agree_if_full();
  void take_hello(Address from, ByteView body);
  void take_agree(Address from, ByteView body);
  void take_exclude(Address from, ByteView body);
  [[nodiscard]] const Heard* round_of(const Counted& hello) const;
  void heed(Address from, const Agree& agree);
  void heed(Address from, const Exclude& exclude);
  void meet_version(Address from, std::uint8_t version);
  void strike(Address who, MessageType missing, const std::string& why);
  void part_from(Address from, const std::string& why);

  // order_views.cpp
  [[nodiscard]] static Membership membership_of(const Segment& round);
  [[nodiscard]] Membership transitional(const Membership& next, const std::set<Address>& companions,
                                        bool is_one_ring) const;
  [[nodiscard]] std::size_t first_without_view() const { return has_view_ ? 1 : 0; }
  void settle();
  void complete(std::size_t index);
  void complete_one(std::size_t index);
  [[nodiscard]] std::deque<Datum> hand_over_shared(std::size_t index,
                                                   const std::set<Address>& companions);
  void install(const Membership& next);
  void deliver(Datum& datum);

  const OrderOptions options_;
  bool lost_ = false;
  std::deque<Action> actions_;

  // The log: the segments that are pending, the last one open. Of the closed ones each has all the
  // Hellos of its round; where one had not, the one before has absorbed it.
  std::deque<Segment> pending_;
  std::size_t cost_ = 0;  ///< of the data in them
  std::uint64_t data_taken_ = 0;
  std::uint64_t next_serial_ = 1;
  bool has_view_ = false;  ///< then pending_.front() is the segment whose view is installed
  Membership now_;         ///< that view

  // The ring, and what is certain in it.
  std::uint64_t epoch_ = 0;  ///< counts rings; 0: not in the group yet
  RingId ring_;
  std::uint64_t baseline_ = 0;  ///< departures when this ring began
  std::vector<Past> past_;      ///< what was pending when it began, newest first

  // What is said.
  std::uint64_t round_ = 0;
  std::uint64_t hello_counter_ = 0;
  bool owes_hello_ = false;
  bool owes_agree_ = false;
  bool was_patient_ = false;       ///< exclude_silent() was called once since all Hellos were there
  Quorum said_ = Quorum::unknown;  ///< in the newest Hello
  bool renewing_ = false;          ///< an own Renew is under way
  std::optional<std::pair<std::uint64_t, Quorum>> quorum_;  ///< the newest, by the ring's seq

  std::set<Address> excluded_;  ///< who was put out, and has not left since
  std::deque<Heard> heard_;     ///< in the newest rounds of this ring; the last one is open
  /// Who has put out this node for want of a Hello that it had said, in the round that is open.
  std::set<Address> doubters_;
  std::set<Address> noticed_;
};

}  // namespace storemark::corosync_group
