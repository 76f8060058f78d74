// SPDX-License-Identifier: Apache-2.0
// The round: Hellos, Agrees, and who is put out of it. Which of them count is a function of the
// segment; the rest is how a node learns that its segment is not that of the others.
#include <algorithm>

#include "group/corosync/order.hpp"

namespace storemark::corosync_group {

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

/// One for each round, when everybody's Hello has come or is not waited for any more.
void Order::agree_if_full() {
  const Segment& now = pending_.back();
  if (lost_ || !owes_agree_ || !now.is_full()) return;
  owes_agree_ = false;
  ++round_;
  actions_.emplace_back(Multicast{encode(Agree{now.counted()})});
}

void Order::take_hello(Address from, ByteView body) {
  const auto hello = decode_hello(body);
  if (!hello) return notice_once(from, "its Hello makes no sense");
  if (!pending_.back().choose(from, *hello)) return;
  heard_.back().hellos[from] = hello->counter;
  excluded_.erase(from);
  for (const Address& who : hello->excluded) {
    strike(who, MessageType::hello, "it was put out before");
  }
  agree_if_full();
}

void Order::take_agree(Address from, ByteView body) {
  const auto agree = decode_agree(body);
  if (!agree) return notice_once(from, "its Agree makes no sense");
  heed(from, *agree);
  if (lost_) return;
  Segment& now = pending_.back();
  now.agree(from, agree->hellos);
  if (now.agreed.contains(from)) heard_.back().agreed.insert(from);
}

void Order::take_exclude(Address from, ByteView body) {
  const auto exclude = decode_exclude(body);
  if (!exclude) return notice_once(from, "its Exclude makes no sense");
  heed(from, *exclude);
  if (lost_) return;
  // It counts in the round for which it was said, and in no other; where Agrees are missing, of one
  // that has the Hellos that count here.
  const Segment& now = pending_.back();
  const auto sender = now.hellos.find(from);
  if (sender == now.hellos.end() || sender->second.counter != exclude->counter) return;
  if (exclude->missing == MessageType::agree && !now.agreed.contains(from)) return;
  strike(exclude->who, exclude->missing, "it was stopped or too slow");
}

void Order::overheard(Address from, ByteView bytes) {
  if (lost_ || pending_.empty()) return;
  const auto opened = open_envelope(bytes);
  const auto* message = std::get_if<Opened>(&opened);
  if (message == nullptr) return;
  if (message->type == MessageType::agree) {
    if (const auto agree = decode_agree(message->body)) heed(from, *agree);
  } else if (message->type == MessageType::exclude) {
    if (const auto exclude = decode_exclude(message->body)) heed(from, *exclude);
  }
}

/// In which that Hello counts, or did; none where it never has. A round that is over is asked for
/// as well: by a Renew that fell into a hole the sender may still be in it.
const Order::Heard* Order::round_of(const Counted& hello) const {
  const auto has_it = [&](const Heard& round) {
    const auto known = round.hellos.find(hello.from);
    return known != round.hellos.end() && known->second == hello.counter;
  };
  const auto round = std::ranges::find_if(heard_, has_it);
  return round == heard_.end() ? nullptr : &*round;
}

/// Whoever has all Hellos of the round has this node's, or it is without it.
void Order::heed(Address from, const Agree& agree) {
  const auto its = std::ranges::find(agree.hellos, from, &Counted::from);
  const Heard* round = its == agree.hellos.end() ? nullptr : round_of(*its);
  if (round == nullptr) return;
  const auto own = round->hellos.find(options_.self);
  const bool names_own = own != round->hellos.end() &&
                         std::ranges::count(agree.hellos, Counted{own->first, own->second}) > 0;
  if (!names_own) part_from(from, "has not had its Hello");
}

/// What puts out this node at others must not be without effect here.
void Order::heed(Address from, const Exclude& exclude) {
  if (exclude.who != options_.self || exclude.ring != ring_) return;
  const Heard* round = round_of({from, exclude.counter});
  if (round == nullptr) return part_from(from, "puts it out, and its Hello was never given here");
  if (exclude.missing == MessageType::agree) {
    if (!round->agreed.contains(from)) part_from(from, "puts it out, and has had other Hellos");
  } else if (round == &heard_.back() && round->hellos.contains(options_.self)) {
    doubters_.insert(from);
    if (pending_.back().struck.contains(from)) part_from(from, "puts it out, and is out itself");
  }
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
  strike(from, MessageType::hello,
         "it speaks version " + theirs + " of the protocol, and this node version " + ours);
}

void Order::strike(Address who, MessageType missing, const std::string& why) {
  if (!pending_.back().strike(who, missing)) return;
  excluded_.insert(who);
  if (who == options_.self) {
    lose(out_of_group("the others went on without it: " + why, "join again, as a new node"));
    return;
  }
  actions_.emplace_back(Notice{to_string(who) + " is put out of the group: " + why});
  // Its Agree would have told whether it came to have this node's Hello.
  if (doubters_.contains(who)) part_from(who, "puts it out, and is out itself");
  agree_if_full();
}

void Order::part_from(Address from, const std::string& why) {
  lose(out_of_group("the others went on without it: " + to_string(from) + " " + why,
                    "join again, as a new node"));
}

void Order::exclude_silent() {
  if (!awaiting()) return;
  const Segment& now = pending_.back();
  const auto own = now.hellos.find(options_.self);
  if (own == now.hellos.end()) return;
  const auto missing = now.is_full() ? MessageType::agree : MessageType::hello;
  if (now.is_full()) {
    if (!now.agreed.contains(options_.self)) return;
    if (!std::exchange(was_patient_, true)) return;
  }
  for (const Address& who : now.members) {
    if (!now.awaits(who)) continue;
    const Exclude exclude{who, ring_, own->second.counter, missing};
    actions_.emplace_back(Multicast{encode(exclude)});
  }
}

}  // namespace storemark::corosync_group
