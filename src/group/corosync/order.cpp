// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/order.hpp"

#include <algorithm>

namespace storemark::corosync_group {
namespace {

/// What is kept while no view can be agreed. Who keeps to may_send() cannot bring it about.
constexpr std::size_t max_kept_bytes = std::size_t{256} << 20;

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
  for (const Segment& one : pending_) {
    past_.insert(past_.begin(), {one.serial, {one.digest, one.certain}});
  }
}

/// A segment that does not have all Hellos of its round never gets them: what is in it will be
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
  owes_hello_ = true;
  say_hello();
}

/// One for each round; where the quorum counts, as soon as it is known for the ring.
void Order::say_hello() {
  if (!owes_hello_ || (options_.has_quorum && (!quorum_ || quorum_->first != ring_.seq))) return;
  owes_hello_ = false;
  said_ = options_.has_quorum ? quorum_->second : Quorum::unknown;
  Hello hello{options_.identity, ++hello_counter_, ring_, said_, options_.name, {}, {}};
  for (const Address& who : excluded_) {
    if (hello.excluded.size() < max_excluded) hello.excluded.push_back(who);
  }
  for (const Past& past : past_) hello.stretches.push_back(past.stretch);
  actions_.emplace_back(Multicast{encode(hello)});
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
  if (!now.is_in(from)) return;
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
  }
}

void Order::take_data(Address from, ByteView message) {
  Segment& now = pending_.back();
  now.keep(from, message);
  cost_ += now.data.back().cost();
  if (cost_ > max_kept_bytes) {
    lose(out_of_group("more messages came than can be kept until a view is agreed",
                      "see which process floods the group, and join again"));
  }
}

void Order::take_hello(Address from, ByteView body) {
  const auto hello = decode_hello(body);
  if (!hello) return notice_once(from, "its Hello makes no sense");
  if (!pending_.back().choose(from, *hello)) return;
  excluded_.erase(from);
  for (const Address& who : hello->excluded) strike(who, "it was put out before");
}

void Order::take_exclude(Address from, ByteView body) {
  const auto exclude = decode_exclude(body);
  if (!exclude) return notice_once(from, "its Exclude makes no sense");
  // It counts in the round for which it was said, and in no other.
  const auto& hellos = pending_.back().hellos;
  const auto sender = hellos.find(from);
  if (sender == hellos.end() || sender->second.counter != exclude->counter) return;
  strike(exclude->who, "it was stopped or too slow");
}

void Order::take_renew(Address from) {
  if (from == options_.self) renewing_ = false;
  auto members = pending_.back().members;
  close_segment();
  open_segment(std::move(members));
}

/// A new node cannot know which version the others have come to; the others stay together.
void Order::meet_version(Address from, std::uint8_t version) {
  const std::string theirs = std::to_string(version);
  const std::string ours = std::to_string(protocol_version);
  if (!has_view_ && from != options_.self) {
    lose({Errc::group_refused, "the group could not be joined", to_string(from),
          "it speaks version " + theirs + " of the group's protocol, and this node version " + ours,
          "run one version of storemark on all nodes"});
    return;
  }
  strike(from, "it speaks version " + theirs + " of the protocol, and this node version " + ours);
}

void Order::strike(Address who, const std::string& why) {
  if (!pending_.back().strike(who)) return;
  excluded_.insert(who);
  if (who == options_.self) {
    lose(out_of_group("the others went on without it: " + why, "join again, as a new node"));
    return;
  }
  actions_.emplace_back(Notice{to_string(who) + " is put out of the group: " + why});
}

void Order::exclude_silent() {
  if (!awaiting()) return;
  const Segment& now = pending_.back();
  const auto own = now.hellos.find(options_.self);
  if (own == now.hellos.end()) return;
  for (const Address& who : now.members) {
    if (now.awaits(who)) {
      actions_.emplace_back(Multicast{encode(Exclude{who, own->second.counter})});
    }
  }
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
