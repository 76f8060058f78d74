// SPDX-License-Identifier: Apache-2.0
#include "simulator/oracle.hpp"

#include <algorithm>
#include <bit>

namespace storemark::simulator {
namespace {

std::string name_of(std::size_t host) { return "host " + std::to_string(host); }

/// What the decision said would be lost covers event n.
bool was_said(std::span<const Loss> said, std::uint64_t n) {
  return std::ranges::any_of(
      said, [&](const Loss& loss) { return loss.unbounded || (loss.from <= n && n <= loss.to); });
}

}  // namespace

std::string_view to_string(Broken broken) noexcept {
  constexpr std::array<std::string_view, 14> names{
      "lost event", "early answer", "divergence",  "bad source",    "false clean",
      "lost clean", "early event",  "false floor", "false ceiling", "stuck",
      "unusable",   "unseen view",  "misuse",      "no quorum"};
  return names.at(static_cast<std::size_t>(broken));
}

void Oracle::report(Broken broken, const std::string& story) {
  if (story_.empty()) story_ = std::string(to_string(broken)) + ": " + story;
}

EventId Oracle::new_event() {
  events_.emplace_back();
  return events_.size() - 1;
}

void Oracle::durable(std::size_t host, std::span<const Entry> entries) {
  for (const Entry& entry : entries) {
    Event& event = events_.at(entry.event);
    event.durable |= bit(host);
    event.ever |= bit(host);
    event.given_up &= static_cast<HostSet>(~bit(host));
    event.compared &= static_cast<HostSet>(~bit(host));
  }
}

void Oracle::answered(std::size_t host, EventId id, bool alone) {
  Event& event = events_.at(id);
  ++answers_;
  event.answered = true;
  const bool here = (event.ever & bit(host)) != 0;
  const bool elsewhere = (event.ever & ~bit(host)) != 0;
  if (here && (alone || elsewhere)) return;
  report(Broken::early_answer,
         name_of(host) + " answered event " + std::to_string(id) +
             (here ? ", which no other member has durably" : ", which it has not durably itself"));
}

void Oracle::dropped(std::size_t host, EventId id) {
  Event& event = events_.at(id);
  event.dropped = true;
  ++drops_;
  if (!event.applied) return;
  report(Broken::misuse, name_of(host) + " is told that event " + std::to_string(id) +
                             " was dropped, and somebody has applied it");
}

void Oracle::answered_as(std::size_t host, EventId event, std::uint64_t n) {
  if (!no_losses_) return;
  const EventId known = answered_at_.try_emplace(n, event).first->second;
  if (known == event) return;
  report(Broken::divergence, name_of(host) + " answers event " + std::to_string(event) + " as " +
                                 std::to_string(n) + ", where event " + std::to_string(known) +
                                 " was answered");
}

void Oracle::lose(std::size_t host, const Entry& entry, const Source& source) {
  Event& event = events_.at(entry.event);
  const bool given_up = may_go(event, host);
  event.durable &= static_cast<HostSet>(~bit(host));
  event.given_up &= static_cast<HostSet>(~bit(host));
  event.compared &= static_cast<HostSet>(~bit(host));
  if (!event.answered) return;
  const bool in_source =
      source.is_gone || (source.content != nullptr && source.content->at(entry.n) == entry.event);
  if (in_source && event.durable != 0) return;
  const bool was_told = !no_losses_ && !source.is_gone && was_said(source.said, entry.n);
  if (given_up || was_told) {
    ++(given_up ? given_up_ : said_losses_);
    if (event.durable == 0) event.may_be_lost = true;
    return;
  }
  report(Broken::lost_event,
         name_of(host) + " gives up event " + std::to_string(entry.event) + ", its " +
             std::to_string(entry.n) + (in_source ? ", which nobody has durably" : "") +
             (source.content == nullptr ? ", and takes nothing in its place" : "") +
             "; a client was answered, and no operator gave it up");
}

void Oracle::discarded(std::size_t host, const Content& old, std::size_t durable_entries,
                       const Source& source) {
  for (std::size_t i = 0; i < durable_entries; ++i) lose(host, old.entries[i], source);
}

void Oracle::left_out(std::size_t host, const Content& content, const Content& source) {
  for (const Entry& entry : content.entries) {
    const Event& event = events_.at(entry.event);
    const bool counts = event.answered && (event.durable & bit(host)) != 0 &&
                        !may_go(event, host) && !event.may_be_lost;
    if (!counts || source.at(entry.n) == entry.event) continue;
    report(Broken::lost_event, "a cluster goes on without event " + std::to_string(entry.event) +
                                   ", which was answered, and which " + name_of(host) + " has");
  }
}

void Oracle::forgotten(std::size_t host, const Content& old) {
  for (const Entry& entry : old.entries) {
    Event& event = events_.at(entry.event);
    event.durable &= static_cast<HostSet>(~bit(host));
    event.may_be_lost = true;
  }
}

void Oracle::gave_up(std::size_t host, const Content& content) {
  for (const Entry& entry : content.entries) events_.at(entry.event).given_up |= bit(host);
}

void Oracle::compared(std::size_t host, const Content& content, const Content& chosen) {
  for (const Entry& entry : content.entries) {
    if (chosen.at(entry.n) != entry.event) events_.at(entry.event).compared |= bit(host);
  }
}

void Oracle::copied(std::size_t from, std::size_t to, std::span<const Entry> entries) {
  durable(to, entries);
  for (const Entry& entry : entries) {
    Event& event = events_.at(entry.event);
    if ((event.given_up & bit(from)) != 0) event.given_up |= bit(to);
    if ((event.compared & bit(from)) != 0) event.compared |= bit(to);
  }
}

void Oracle::took_back(std::size_t host, const Content& content) {
  for (const Entry& entry : content.entries) {
    events_.at(entry.event).given_up &= static_cast<HostSet>(~bit(host));
  }
}

void Oracle::check_all_there(const Content& content) {
  std::set<EventId> there;
  for (const Entry& entry : content.entries) there.insert(entry.event);
  for (EventId id = 1; id < events_.size(); ++id) {
    const Event& event = events_[id];
    if (!event.answered || event.may_be_lost || there.contains(id)) continue;
    // A store that is not part of the cluster keeps it for whoever wants it.
    if (event.durable != 0) continue;
    report(Broken::lost_event, "event " + std::to_string(id) +
                                   " was answered, nobody gave it up, and it is in no store");
  }
}

void Oracle::applied(std::size_t host, const ViewId& view, const Entry& entry) {
  Event& event = events_.at(entry.event);
  event.applied = true;
  if (event.dropped) {
    report(Broken::misuse, name_of(host) + " applies event " + std::to_string(entry.event) +
                               ", which was said to be dropped");
  }
  const auto [known, is_new] =
      positions_[view].try_emplace(entry.n, Position{entry.event, entry.digest});
  const Position& other = known->second;
  if (!is_new && (other.event != entry.event || other.digest != entry.digest)) {
    report(Broken::divergence,
           name_of(host) + " applied event " + std::to_string(entry.event) + " as " +
               std::to_string(entry.n) + " of view " + storemark::to_string(view).substr(0, 8) +
               (other.event == entry.event
                    ? ", on top of other events than another member"
                    : ", where another member has event " + std::to_string(other.event)));
  }
}

void Oracle::before_event(std::size_t host, const View& view) {
  const std::set<MemberId>& ready = activated_[view.id];
  for (const Member& member : view.members) {
    if (ready.contains(member.id)) continue;
    report(Broken::early_event, name_of(host) + " applies an event before member " +
                                    storemark::to_string(member.id) + " of the start was active");
  }
}

void Oracle::activated(const MemberId& member, const View& view, bool starter) {
  activated_[view.id].insert(member);
  if (starter) start_views_.insert(view.id);
}

void Oracle::shut_down(std::size_t host, const FinalUuid& final, const Content& content) {
  const auto [known, is_new] = shutdowns_.try_emplace(final, content.digest());
  if (!is_new && known->second != content.digest()) {
    report(Broken::divergence, name_of(host) + " was shut down with other events than the others");
  }
  clean_hosts_[host] = final;
}

void Oracle::opened(std::size_t host, const Verdict& verdict, const Content& content) {
  const bool clean = verdict.state == StoreState::clean;
  const auto expected = clean_hosts_.find(host);
  if (clean && !verdict.record->marked) {
    if (const auto begun = about_to_be_clean_.find(host); begun != about_to_be_clean_.end()) {
      shutdowns_.try_emplace(verdict.record->final, begun->second);
    }
    const auto known = shutdowns_.find(verdict.record->final);
    if (known == shutdowns_.end() || known->second != content.digest() || content.half) {
      report(Broken::false_clean, name_of(host) + " says clean, and holds something else");
    }
  }
  if (expected == clean_hosts_.end() || content.entries.empty()) return;
  if (!clean || verdict.record->final != expected->second) {
    report(Broken::lost_clean, name_of(host) + " was shut down cleanly, and says " +
                                   std::string(storemark::to_string(verdict.state)));
  }
}

void Oracle::check_bounds(std::size_t host, std::uint64_t floor, std::uint64_t ceiling,
                          const SimStore& store) {
  if (floor > store.durable_sequence()) {
    report(Broken::false_floor, name_of(host) + ": floor " + std::to_string(floor) +
                                    ", durably held " + std::to_string(store.durable_sequence()));
  }
  if (ceiling < store.content().last()) {
    report(Broken::false_ceiling, name_of(host) + ": ceiling " + std::to_string(ceiling) +
                                      ", held " + std::to_string(store.content().last()));
  }
}

}  // namespace storemark::simulator
