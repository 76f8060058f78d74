// SPDX-License-Identifier: Apache-2.0
// Sessions without journal, store or network: a bus that gives everybody the same order, and actors
// that do what their session asks for. Tests hold back what they want to cut.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "restart/session.hpp"

namespace storemark::restart {

/// One member, and a store that is a list of events.
struct Actor {
  std::string name;
  GroupNode node;
  Announcement own;
  std::vector<std::string> store;
  std::optional<Session> session;
  std::vector<std::string> done;  ///< the steps, in words
  std::optional<TakeUpdate> update;
  bool restoring = false;
  bool hold_restore = false;  ///< leave tasks to the test
  bool hold_update = false;
  bool hold_activation = false;
  bool holds_activation = false;
  std::vector<std::uint64_t> answered;
  std::optional<Error> stopped;
  std::optional<FinalUuid> final;
  std::set<Uuid> giving;
  std::vector<View> views;  ///< recorded
  int part = 0;             ///< of the network

  [[nodiscard]] bool did(const std::string& what) const;
  [[nodiscard]] bool ready() const { return session && session->ready(); }
};

class World {
 public:
  /// A store that was never used.
  Actor& add(const std::string& name, std::uint32_t wait_for = 1);
  Actor& operator[](const std::string& name) { return actors_.at(name); }

  /// A new process: it is in the next view of its part.
  void start(const std::string& name);
  /// Gone, as after kill -9: its store keeps what it had.
  void kill(const std::string& name);
  /// The network splits: this one alone, or with others in the same part.
  void cut_off(const std::string& name, int part = 1);
  void heal();
  /// What is sent does not pass between this one and others any more, and nobody has noticed yet.
  void slip(const std::string& name, int part = 1);
  /// The others of this part are seen to be gone by those who are not: two views at once.
  void blink(const std::set<std::string>& apart);
  /// So many votes are configured: a view knows of its quorum. 0: none are.
  void configure_votes(std::size_t votes) { votes_ = votes; }
  /// The same, and all of the first part hear of it now.
  void change_votes(std::size_t votes);
  /// The bus delivers until nothing is left, and everybody does all it is asked.
  void run();
  /// Delivers one message or view; false where there is none.
  bool deliver_one();
  /// As a member with this node: any bytes.
  void send_as(GroupNode node, std::vector<std::uint8_t> bytes);
  /// A foreign process in the group.
  GroupNode intrude();
  void publish(const std::string& name, const std::string& event);
  void shut_down(const std::string& name, const FinalUuid& final);
  void finish_restore(Actor& actor);
  /// The copy arrives: the donor's store as it is now.
  void finish_update(Actor& actor);
  void finish_activation(Actor& actor);
  void fail_update(Actor& actor);
  void obey(Actor& actor);

  [[nodiscard]] Actor* at(GroupNode node);

 private:
  struct Item {
    std::optional<GroupView> view;
    GroupNode from;
    std::vector<std::uint8_t> bytes;
    int part = 0;
  };
  void change_view(int part = 0);
  void push_view(const std::set<GroupNode>& nodes, int part);
  void multicast(const Actor& actor, const wire::Message& message);
  void take(Actor& actor, Step& step);
  void activate(Actor& actor, const Activate& step);
  void announce(Actor& actor);

  std::map<std::string, Actor> actors_;
  std::set<GroupNode> intruders_;
  std::deque<Item> bus_;
  std::size_t votes_ = 0;
  std::uint64_t next_node_ = 1;
  std::uint64_t next_id_ = 1;
};

}  // namespace storemark::restart
