// SPDX-License-Identifier: Apache-2.0
// Knows what was promised to whom, and says when a promise is broken. Hosts are numbered; every
// event has an id of its own, from 1.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <storemark/restart.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "simulator/sim_store.hpp"

namespace storemark::simulator {

inline constexpr std::size_t max_hosts = 16;

/// How a promise can be broken.
enum class Broken : std::uint8_t {
  lost_event,     ///< an answered event is in no store any more, and nobody gave it up
  early_answer,   ///< answered before a second member had it durably
  divergence,     ///< two members of one view differ at one position
  bad_source,     ///< an updating, or unfinished, store is a source
  false_clean,    ///< clean is said of a store that is not what was shut down
  lost_clean,     ///< a clean shutdown, untouched since, reads otherwise
  early_event,    ///< an event in a starting cluster before all are durably active
  false_floor,    ///< the journal's floor is above what the store holds durably
  false_ceiling,  ///< its ceiling is below what the store holds
  stuck,          ///< no fault, no rule against it, and the cluster does not become active
  unusable,       ///< a crash without a fault of the medium, and the journal does not open
  unseen_view,    ///< an event is applied in a view that the journal does not know
  misuse,         ///< the contract of Broker was not kept
  no_quorum,      ///< a part without a quorum has done something
};
[[nodiscard]] std::string_view to_string(Broken broken) noexcept;

class Oracle {
 public:
  [[nodiscard]] bool is_broken() const noexcept { return !story_.empty(); }
  [[nodiscard]] const std::string& story() const noexcept { return story_; }
  /// The first one counts.
  void report(Broken broken, const std::string& story);

  // --- events and their copies ------------------------------------------------------------------
  [[nodiscard]] EventId new_event();
  void durable(std::size_t host, std::span<const Entry> entries);
  /// `alone`: the member may answer without a second copy.
  void answered(std::size_t host, EventId event, bool alone);
  /// As which one: of the cluster's events, where no losses are allowed.
  void answered_as(std::size_t host, EventId event, std::uint64_t n);
  /// Its publisher was told that nobody has applied it, or will.
  void dropped(std::size_t host, EventId event);
  /// From now on nothing that was answered may be given up, and nothing be answered in its place.
  void forbid_losses() noexcept { no_losses_ = true; }
  /// What takes the place of a store that goes.
  struct Source {
    const Content* content = nullptr;  ///< none: it is empty
    bool is_gone = false;          ///< the donor died meanwhile: that a copy is anywhere is enough
    std::span<const Loss> said{};  ///< what the decision said it would lose
  };
  /// The store of the host goes: what was answered of it is in the source, or was given up.
  void discarded(std::size_t host, const Content& old, std::size_t durable_entries,
                 const Source& source);
  /// A cluster starts or resumes from `source` unasked: this host must not hold more.
  void left_out(std::size_t host, const Content& content, const Content& source);
  /// What a transient member held is gone with it.
  void forgotten(std::size_t host, const Content& old);
  /// An operator says that this host's store, as it is, may be lost.
  void gave_up(std::size_t host, const Content& content);
  /// He compared it with a store that he chose: what that one has not may be lost here.
  void compared(std::size_t host, const Content& content, const Content& chosen);
  /// The directory of one host is that of another, too, with the words that stand in its journal.
  void copied(std::size_t from, std::size_t to, std::span<const Entry> entries);
  /// He took back that it may be lost; what he compared it with stands by itself.
  void took_back(std::size_t host, const Content& content);
  /// Everything that was answered is in `content`, or was given up.
  void check_all_there(const Content& content);

  // --- members and views ------------------------------------------------------------------------
  /// The host's member applied event n as a member of this view.
  void applied(std::size_t host, const ViewId& view, const Entry& entry);
  /// Somebody started in this view: then before_event() is to be called for each event.
  [[nodiscard]] bool is_start(const ViewId& view) const { return start_views_.contains(view); }
  void before_event(std::size_t host, const View& view);
  /// Its journal says dirty in this view; `starter`: it restored or founded.
  void activated(const MemberId& member, const View& view, bool starter);

  // --- clean shutdowns --------------------------------------------------------------------------
  /// It is about to be marked clean: it may be from now on.
  void shutting_down(std::size_t host, const Content& content) {
    about_to_be_clean_[host] = content.digest();
  }
  void shut_down(std::size_t host, const FinalUuid& final, const Content& content);
  void opened(std::size_t host, const Verdict& verdict, const Content& content);
  /// A fault of the medium, a word or a start: the host need not be clean any more.
  void touched(std::size_t host) { clean_hosts_.erase(host); }
  /// It is written again.
  void in_use(std::size_t host) {
    touched(host);
    about_to_be_clean_.erase(host);
  }
  /// The journal and the store side by side.
  void check_bounds(std::size_t host, std::uint64_t floor, std::uint64_t ceiling,
                    const SimStore& store);

  [[nodiscard]] std::uint64_t drops() const noexcept { return drops_; }
  [[nodiscard]] std::uint64_t events() const noexcept { return events_.size() - 1; }
  [[nodiscard]] std::uint64_t answers() const noexcept { return answers_; }
  [[nodiscard]] std::uint64_t said_losses() const noexcept { return said_losses_; }
  [[nodiscard]] std::uint64_t given_up() const noexcept { return given_up_; }

 private:
  using HostSet = std::uint16_t;
  struct Event {
    HostSet durable = 0;   // who has it durably
    HostSet ever = 0;      // or ever had
    HostSet given_up = 0;  // whose copy an operator gave up,
    HostSet compared = 0;  // or knew of when he chose another
    bool answered = false;
    bool dropped = false;
    bool applied = false;      // anywhere
    bool may_be_lost = false;  // it was given up where it was answered for
    std::uint64_t n = 0;       // where it was applied when it was answered
  };
  struct Position {
    EventId event = 0;
    std::uint64_t digest = 0;
  };
  [[nodiscard]] static HostSet bit(std::size_t host) { return static_cast<HostSet>(1U << host); }
  void lose(std::size_t host, const Entry& entry, const Source& source);

  std::string story_;
  std::vector<Event> events_{1};
  std::map<ViewId, std::unordered_map<std::uint64_t, Position>> positions_;
  std::set<ViewId> start_views_;
  std::map<ViewId, std::set<MemberId>> activated_;
  std::map<FinalUuid, std::uint64_t> shutdowns_;            // digest of the stores of each
  std::map<std::size_t, std::uint64_t> about_to_be_clean_;  // digest of its store
  std::map<std::size_t, FinalUuid> clean_hosts_;            // untouched since
  [[nodiscard]] static bool may_go(const Event& event, std::size_t host) {
    return ((event.given_up | event.compared) & bit(host)) != 0;
  }
  std::uint64_t answers_ = 0;
  std::uint64_t drops_ = 0;
  bool no_losses_ = false;
  std::unordered_map<std::uint64_t, EventId> answered_at_;  // where no losses are allowed
  std::uint64_t said_losses_ = 0;
  std::uint64_t given_up_ = 0;
};

}  // namespace storemark::simulator
