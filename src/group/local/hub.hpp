// SPDX-License-Identifier: Apache-2.0
// The hub: gives every message and view its number, and says when all members have it. One of the
// members runs it; when that one dies another takes over. Pure: frames in, frames out; what it must
// know of the world stands behind Ledger. PROTOCOL.md has the proof.
#pragma once

#include <map>
#include <set>

#include "group/local/outgoing.hpp"
#include "group/local/words.hpp"

namespace storemark::local_group {

/// What outlives a hub: it stands in the lock file.
struct Mark {
  Uuid group;
  std::uint64_t term = 0;         ///< of the last hub
  std::uint64_t view_term = 0;    ///< under which hub a view was last delivered to anybody
  std::uint64_t view_number = 0;  ///< and which
};

class Ledger {
 public:
  Ledger() = default;
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;
  virtual ~Ledger() = default;
  /// False: it could not be kept.
  [[nodiscard]] virtual bool keep(const Mark& mark) = 0;
  /// Whether this node's process lives and is not out of the group.
  [[nodiscard]] virtual bool lives(std::uint64_t node) = 0;
};

class Hub {
 public:
  /// A connection; the caller's numbers, never given twice.
  using Peer = std::uint64_t;
  /// Numbered and not yet with everyone, in bytes: beyond it nothing is taken from anybody.
  static constexpr std::size_t window_bytes = std::size_t{4} << 20;

  /// `mark` with the term of this hub; `self` is the node that runs it. Founding: there is no
  /// earlier hub whose members are to be waited for.
  Hub(Ledger& ledger, std::uint64_t self, const Mark& mark, bool founding);

  /// `who` is put behind the name that the peer gives itself.
  void connected(Peer peer, std::string who);
  void closed(Peer peer);
  /// Only while accepting(). False: the peer is to be closed, after its output was tried once.
  [[nodiscard]] bool frame(Peer peer, const Frame& frame);
  /// Refuses it by name; it is to be closed, after its output was tried once.
  void refuse(Peer peer, Refusal refusal, std::string reason);
  /// While it waits for members of an earlier hub: looks again who lives.
  void look_again();

  /// A new hub takes nothing before it has told everyone where they stand: what is open under a
  /// row of hubs that die early does not add up.
  [[nodiscard]] bool accepting() const noexcept {
    return phase_ != Phase::ordering || (!untold_ && cost_ < window_bytes);
  }
  [[nodiscard]] bool is_waiting() const noexcept { return phase_ != Phase::ordering; }
  /// This hub must go: the mark could not be kept.
  [[nodiscard]] bool is_over() const noexcept { return over_; }
  struct RefusedPeer {
    Peer peer = 0;
    std::string reason;
  };
  /// Those that were refused since the last call.
  [[nodiscard]] std::vector<RefusedPeer> take_refused() { return std::exchange(refused_, {}); }
  [[nodiscard]] bool is_greeting(Peer peer) const;

  [[nodiscard]] Outgoing& output(Peer peer) { return peers_.at(peer).out; }
  /// So many bytes of the output were written to the peer's socket.
  void wrote(Peer peer, std::size_t bytes);
  /// After each write: tells everyone what all have. True: there is more to be written.
  bool settle();

 private:
  enum class Phase : std::uint8_t { collecting, fetching, ordering };
  enum class Role : std::uint8_t {
    greeting,   ///< has not said who it is
    joining,    ///< waits for the first view
    reporting,  ///< was there under an earlier hub, and said how far it came
    member,
    leaving,  ///< is in the view no more, and is told so
    refused,
  };
  struct Member {
    Role role = Role::greeting;
    std::string who;
    Hello hello;
    Outgoing out;
    /// Up to here all is in its socket; of a survivor nothing, until it is on this hub's course.
    std::uint64_t written = 0;
    std::uint64_t count = 0;  ///< of its last message; 0 before the first
    Point goes_with;          ///< leaving: after which item
  };
  struct Open {
    std::uint64_t number = 0;
    std::uint64_t chain = 0;
    std::size_t cost = 0;
    bool is_view = false;
  };

  bool hello(Peer peer, Member& member, const Frame& frame);
  bool take_data(Member& member, const Frame& frame);
  bool take_leave(Member& member);
  bool take_held(Peer peer, const Frame& frame);
  void greet_survivor(Peer peer, Member& member);

  // Ordering.
  void append(const Item& item);
  void note_open(const Item& item, const SharedFrame& frame);
  void append_view();
  void enter(Member& member);
  void leave_view(std::uint64_t node);
  void push_commit(Member& member);
  [[nodiscard]] std::uint64_t with_everyone() const;
  [[nodiscard]] bool keep_newest_view(std::uint64_t up_to);

  // Taking over.
  [[nodiscard]] std::map<Peer, Member>::iterator longest();
  [[nodiscard]] bool all_have_reported(const GroupView& view);
  [[nodiscard]] bool reports(std::uint64_t node) const;
  void refuse_outsiders(const GroupView& view);
  void begin_fetching(Peer peer, Member& winner);
  void complete();
  void bring_all_up();
  void refuse_diverged();
  void bring_up(Member& member, bool stays);
  void enter_all();

  Ledger& ledger_;
  const std::uint64_t self_;
  Mark mark_;
  Phase phase_;
  bool over_ = false;
  std::map<Peer, Member> peers_;
  std::vector<RefusedPeer> refused_;

  std::map<std::uint64_t, std::string> view_;  ///< the newest: nodes and names
  Point last_;                                 ///< numbered
  Point committed_;                            ///< said to be with everyone
  std::uint64_t barrier_ = 0;                  ///< nothing is committed before this view is
  std::deque<Open> open_;                      ///< not committed
  std::size_t cost_ = 0;                       ///< of what is open
  std::uint64_t newest_view_ = 0;              ///< among what is committed
  bool untold_ = false;                        ///< that what is committed is

  Peer source_ = 0;           ///< of what is fetched
  Point base_;                ///< what every survivor has
  Hello furthest_;            ///< of the one that came furthest
  std::deque<Item> fetched_;  ///< from base_ on
};

}  // namespace storemark::local_group
