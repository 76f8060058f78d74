// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/order.hpp"

#include <algorithm>

#include "group/corosync/bundle.hpp"

namespace storemark::corosync_group {
namespace {

/// What is kept while no view can be agreed. Who keeps to may_send() cannot bring it about.
constexpr std::size_t max_kept_bytes = std::size_t{256} << 20;

/// Rounds. What was said for one that is older finds nobody who knows of it.
constexpr std::size_t max_remembered = 64;

std::vector<Address> sorted(std::vector<Address> members) {
  std::ranges::sort(members);
  members.erase(std::unique(members.begin(), members.end()), members.end());
  return members;
}

}  // namespace

Order::Order(OrderOptions options) : options_(std::move(options)) {}

void Order::configuration(const Configuration& item) {
  if (lost_) return;
  auto members = sorted(item.members);
  if (!std::ranges::binary_search(members, options_.self)) {
    lose(out_of_group("it has left it", "join again, as a new node"));
    return;
  }
  const auto is_gone = [&](const Address& who) {
    return !std::ranges::binary_search(members, who) || std::ranges::count(item.left, who) > 0;
  };
  std::erase_if(excluded_, is_gone);
  std::erase_if(noticed_, is_gone);
  for (Heard& round : heard_) {
    std::erase_if(round.hellos, [&](const auto& known) { return is_gone(known.first); });
  }
  const bool is_first = epoch_ == 0;
  close_segment();
  if (is_first || item.ring) begin_ring(item.ring.value_or(RingId{}), item.departures);
  if (!lost_) open_segment(std::move(members));
}

void Order::begin_ring(const RingId& ring, std::uint64_t departures) {
  ++epoch_;
  ring_ = ring;
  baseline_ = departures;
  past_.clear();
  heard_.clear();
  for (const Segment& one : pending_) {
    past_.insert(past_.begin(), {one.serial, {one.digest, one.certain}});
  }
}

/// A segment whose round is not complete never gets its view: what is in it will be
/// handed over in a later view, if at all, and the segment need not be known any more.
void Order::close_segment() {
  if (pending_.empty() || pending_.back().complete_at) return;
  Segment barren = std::move(pending_.back());
  pending_.pop_back();
  if (!pending_.empty()) {
    pending_.back().absorb(std::move(barren));
  } else {
    for (const Datum& datum : barren.data) cost_ -= datum.cost();
  }
}

void Order::open_segment(std::vector<Address> members) {
  if (pending_.size() >= max_stretches) {
    lose(out_of_group("the cluster changed time and again, and no view could be agreed",
                      "see why the nodes lose sight of each other, and join again"));
    return;
  }
  pending_.emplace_back(Segment::Begin{next_serial_++, epoch_, ring_, std::move(members), past_});
  ++round_;
  heard_.emplace_back();
  if (heard_.size() > max_remembered) heard_.pop_front();
  owes_hello_ = true;
  owes_agree_ = true;
  was_patient_ = false;
  doubters_.clear();
  say_hello();
}

void Order::quorum(std::uint64_t ring_seq, bool quorate) {
  if (lost_ || !options_.has_quorum) return;
  quorum_ = {ring_seq, quorate ? Quorum::yes : Quorum::no};
  if (epoch_ == 0 || ring_seq != ring_.seq) return;
  if (owes_hello_) {
    say_hello();
  } else if (quorum_->second != said_ && !renewing_) {
    renewing_ = true;
    actions_.emplace_back(Multicast{encode_renew()});
  }
}

void Order::message(Address from, ByteView bytes) {
  if (lost_ || pending_.empty()) return;
  Segment& now = pending_.back();
  now.count(from, bytes);
  if (!now.is_in(from)) return overheard(from, bytes);
  const auto opened = open_envelope(bytes);
  if (const auto* other = std::get_if<OtherVersion>(&opened))
    return meet_version(from, other->version);
  if (const auto* alien = std::get_if<NotOurs>(&opened)) return notice_once(from, alien->why);
  const auto& [type, body] = std::get<Opened>(opened);
  switch (type) {
    case MessageType::data:
      return take_data(from, body);
    case MessageType::hello:
      return take_hello(from, body);
    case MessageType::exclude:
      return take_exclude(from, body);
    case MessageType::renew:
      return take_renew(from);
    case MessageType::agree:
      return take_agree(from, body);
    case MessageType::bundle:
      return take_bundle(from, body);
  }
}

void Order::take_data(Address from, ByteView message) {
  Segment& now = pending_.back();
  now.keep(from, message);
  cost_ += now.data.back().cost();
  ++data_taken_;
  if (cost_ > max_kept_bytes) {
    lose(out_of_group("more messages came than can be kept until a view is agreed",
                      "see which process floods the group, and join again"));
  }
}

/// They have one place in the order: what is certain of one is of all.
void Order::take_bundle(Address from, ByteView body) {
  const auto messages = unbundle(body);
  if (!messages) return notice_once(from, "its bundle makes no sense");
  for (const ByteView message : *messages) {
    if (!lost_) take_data(from, message);
  }
}

void Order::take_renew(Address from) {
  if (from == options_.self) renewing_ = false;
  auto members = pending_.back().members;
  close_segment();
  open_segment(std::move(members));
}

void Order::certain(std::uint64_t departures) {
  // That the baseline was read in its own ring need not be asked here: no segment of the ring
  // counts before the own Hello is in it, which was sent after the reading.
  if (lost_ || departures != baseline_) return;
  for (Segment& one : pending_) {
    if (one.epoch == epoch_) one.certain = one.items;
  }
  settle();
}

std::optional<Action> Order::next() {
  if (actions_.empty()) return std::nullopt;
  Action out = std::move(actions_.front());
  actions_.pop_front();
  return out;
}

std::optional<std::uint64_t> Order::awaiting() const {
  if (lost_ || pending_.empty() || pending_.back().complete_at) return std::nullopt;
  return round_;
}

bool Order::may_send() const noexcept { return !lost_ && has_view_ && pending_.size() == 1; }

Error Order::out_of_group(std::string why, std::string todo) const {
  return {Errc::group_lost, "this node is out of the group", to_string(options_.self),
          std::move(why), std::move(todo)};
}

void Order::lose(Error error) {
  if (lost_) return;
  lost_ = true;
  actions_.emplace_back(Lost{std::move(error)});
}

void Order::notice_once(Address from, const std::string& why) {
  if (!noticed_.insert(from).second) return;
  actions_.emplace_back(Notice{"a message from " + to_string(from) + " is ignored: " + why});
}

}  // namespace storemark::corosync_group
