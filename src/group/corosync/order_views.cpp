// SPDX-License-Identifier: Apache-2.0
// Completing a round: what is handed over in the old view, which views follow, and what is handed
// over in them. All of it is a function of the log and of the Hellos in it.
#include <xxhash.h>

#include <algorithm>
#include <boost/endian/conversion.hpp>

#include "group/corosync/order.hpp"

namespace storemark::corosync_group {
namespace {

/// An id of the kind that is made from a digest (version 8).
Uuid id_from(const std::vector<std::uint64_t>& values) {
  Bytes bytes(values.size() * sizeof(std::uint64_t));
  for (std::size_t i = 0; i < values.size(); ++i) {
    boost::endian::store_little_u64(&bytes[i * sizeof(std::uint64_t)], values[i]);
  }
  XXH128_canonical_t digest;
  XXH128_canonicalFromHash(&digest, XXH3_128bits(bytes.data(), bytes.size()));
  Uuid out;
  std::ranges::copy(digest.digest, out.bytes.begin());
  out.bytes[6] = static_cast<std::uint8_t>((out.bytes[6] & 0x0FU) | 0x80U);
  out.bytes[8] = static_cast<std::uint8_t>((out.bytes[8] & 0x3FU) | 0x80U);
  return out;
}

std::uint64_t half(const Uuid& id, std::size_t at) {
  return boost::endian::load_little_u64(&id.bytes[at]);
}

std::string name_of(const Address& address, const std::string& name) {
  return name.empty() ? to_string(address) : name + " (" + to_string(address) + ")";
}

/// Yes if all say so, no if anybody does.
Quorum quorum_of(const std::vector<Quorum>& said) {
  if (std::ranges::count(said, Quorum::no) > 0) return Quorum::no;
  const auto size = static_cast<std::ptrdiff_t>(said.size());
  return std::ranges::count(said, Quorum::yes) == size ? Quorum::yes : Quorum::unknown;
}

}  // namespace

/// The view that a round agreed on: whoever has said its Hello and was not struck after it.
Order::Membership Order::membership_of(const Segment& round) {
  std::map<GroupNode, std::pair<std::uint64_t, std::string>> said;
  std::vector<Quorum> quorums;
  Membership out;
  for (const auto& [address, hello] : round.hellos) {
    if (!round.is_in(address)) continue;
    quorums.push_back(hello.quorum);
    const GroupNode node{hello.identity};
    said[node] = {hello.counter, name_of(address, hello.name)};
    out.nodes[address] = node;
  }
  std::vector<std::uint64_t> digested{round.ring.nodeid, round.ring.seq};
  for (const auto& [node, what] : said) {
    digested.push_back(node.value);
    digested.push_back(what.first);
    out.view.nodes.push_back(node);
    out.view.names.push_back(what.second);
  }
  out.view.id = id_from(digested);
  out.view.quorum = quorum_of(quorums);
  return out;
}

/// The view between the old and the next, of those who came through all of it together.
Order::Membership Order::transitional(const Membership& next, const std::set<Address>& companions,
                                      bool is_one_ring) const {
  Membership out;
  std::vector<std::uint64_t> digested{half(next.view.id, 0), half(next.view.id, 8)};
  for (std::size_t i = 0; i < now_.view.nodes.size(); ++i) {
    const GroupNode node = now_.view.nodes[i];
    const auto known =
        std::ranges::find(now_.nodes, node, &decltype(now_.nodes)::value_type::second);
    if (known == now_.nodes.end() || !companions.contains(known->first)) continue;
    out.nodes.insert(*known);
    out.view.nodes.push_back(node);
    out.view.names.push_back(now_.view.names[i]);
    digested.push_back(node.value);
  }
  out.view.id = id_from(digested);
  // Where daemons were lost it cannot be said whether those who are left are enough.
  const bool is_whole = is_one_ring || out.view.nodes.size() == now_.view.nodes.size();
  const bool is_known = now_.view.quorum != Quorum::unknown;
  out.view.quorum = is_whole || !is_known ? now_.view.quorum : Quorum::no;
  return out;
}

/// All that came in this ring is certain: the newest view that is due, with all that lead to it;
/// then data.
void Order::settle() {
  for (std::size_t i = pending_.size(); i > first_without_view(); --i) {
    const Segment& one = pending_[i - 1];
    if (one.epoch == epoch_ && one.complete_at) {
      complete(i - 1);
      break;
    }
  }
  if (!has_view_) return;
  Segment& front = pending_.front();
  while (!front.data.empty() && front.data.front().at < front.certain) {
    deliver(front.data.front());
    front.data.pop_front();
  }
}

/// Before a round is completed, those older ones are that somebody may have completed; the newest
/// of them first of all, as its own Hellos say, and so on.
void Order::complete(std::size_t index) {
  std::vector<std::uint64_t> due{pending_[index].serial};
  for (std::size_t i = index, round = index; i > first_without_view(); --i) {
    const Segment& older = pending_[i - 1];
    if (i - 1 == round || shared_up_to(pending_[round], older) < *older.complete_at) continue;
    round = i - 1;
    due.push_back(older.serial);
  }
  for (; !due.empty(); due.pop_back()) {
    const std::uint64_t serial = due.back();
    const auto at = std::ranges::find(pending_, serial, &Segment::serial);
    complete_one(static_cast<std::size_t>(at - pending_.begin()));
  }
}

/// From the view that is installed, if any, to the next. Without one there are no companions: what
/// came before the own first view is the others' alone.
void Order::complete_one(std::size_t index) {
  const Segment& round = pending_[index];
  const Membership next = membership_of(round);
  std::set<Address> companions;
  std::size_t known = 0;  // of the old view in the next, companions or not
  for (const auto& [address, node] : now_.nodes) {
    known += std::ranges::binary_search(next.view.nodes, node);
    const auto again = next.nodes.find(address);
    const bool is_same = again != next.nodes.end() && again->second == node;
    if (is_same && shares(round, pending_.front(), address)) companions.insert(address);
  }
  auto unsettled = hand_over_shared(index, companions);
  const bool come_again = known > companions.size();
  const bool has_others = next.nodes.size() > companions.size();
  if (come_again || (has_others && !unsettled.empty())) {
    install(transitional(next, companions, pending_.front().epoch == round.epoch));
    for (Datum& datum : unsettled) deliver(datum);
    unsettled.clear();
  }
  install(next);
  for (Datum& datum : unsettled) deliver(datum);
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(index));
}

/// Hands over what is shared in the old view, and gives what is not settled by it.
std::deque<Datum> Order::hand_over_shared(std::size_t index, const std::set<Address>& companions) {
  const std::uint64_t shared = shared_up_to(pending_[index], pending_.front());
  std::deque<Datum> unsettled;
  for (std::size_t i = 0; i < index; ++i) {
    for (Datum& datum : pending_[i].data) {
      if (i == 0 && datum.at < shared) {
        deliver(datum);
      } else if (companions.contains(datum.from)) {
        unsettled.push_back(std::move(datum));
      } else {
        cost_ -= datum.cost();
      }
    }
    pending_[i].data.clear();
  }
  return unsettled;
}

void Order::install(const Membership& next) {
  has_view_ = true;
  now_ = next;
  actions_.emplace_back(Install{now_.view});
}

void Order::deliver(Datum& datum) {
  cost_ -= datum.cost();
  const auto node = now_.nodes.find(datum.from);
  if (node == now_.nodes.end()) return;
  actions_.emplace_back(Deliver{node->second, std::move(datum.message)});
}

}  // namespace storemark::corosync_group
