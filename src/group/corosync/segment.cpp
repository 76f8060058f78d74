// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/segment.hpp"

#include <xxhash.h>

#include <algorithm>
#include <boost/endian/conversion.hpp>

namespace storemark::corosync_group {
namespace {

/// Numbers are digested in one byte order: nodes compare their digests.
std::uint64_t mixed(std::uint64_t before, std::initializer_list<std::uint64_t> values) {
  for (std::uint64_t value : values) {
    boost::endian::native_to_little_inplace(value);
    before = XXH3_64bits_withSeed(&value, sizeof value, before);
  }
  return before;
}

/// Where `older` is in what was pending when the round's ring began.
std::optional<std::size_t> place_of(const Segment& round, const Segment& older) {
  const auto at = std::ranges::find(round.past, older.serial, &Past::serial);
  if (at == round.past.end()) return std::nullopt;
  return static_cast<std::size_t>(at - round.past.begin());
}

/// From the newest down to that place.
bool is_the_same(const Hello& hello, const Segment& round, std::size_t place) {
  if (hello.stretches.size() <= place) return false;
  for (std::size_t i = 0; i <= place; ++i) {
    if (hello.stretches[i].digest != round.past[i].stretch.digest) return false;
  }
  return true;
}

}  // namespace

Segment::Segment(Begin begin)
    : serial(begin.serial),
      epoch(begin.epoch),
      ring(begin.ring),
      members(std::move(begin.members)),
      past(std::move(begin.past)) {}

void Segment::count(Address from, ByteView raw) {
  if (items == 0) {
    // Not before there is a message: items that the daemon gives to some nodes as one and to others
    // as two make no difference.
    digest = mixed(digest, {ring.nodeid, ring.seq, members.size()});
    for (const Address& member : members) digest = mixed(digest, {member.nodeid, member.pid});
  }
  digest = mixed(digest, {from.nodeid, from.pid, XXH3_64bits(raw.data(), raw.size())});
  ++items;
}

void Segment::keep(Address from, ByteView message) {
  data.push_back({items - 1, from, Bytes(message.begin(), message.end())});
}

bool Segment::choose(Address from, const Hello& hello) {
  if (!is_in(from) || hellos.contains(from) || hello.ring != ring) return false;
  const auto is_same = [&](const auto& known) { return known.second.identity == hello.identity; };
  if (std::ranges::any_of(hellos, is_same)) return false;
  hellos.emplace(from, hello);
  see_how_far();
  return true;
}

void Segment::agree(Address from, const std::vector<Counted>& to) {
  if (!full_ || !awaits(from) || to != counted()) return;
  agreed.insert(from);
  see_how_far();
}

bool Segment::strike(Address who, MessageType missing) {
  // Who has said its Hello is not struck for want of it.
  if (!awaits(who) || full_ != (missing == MessageType::agree)) return false;
  struck.insert(who);
  see_how_far();
  return true;
}

void Segment::see_how_far() {
  if (!hellos.empty() && hellos.size() + struck.size() == members.size()) full_ = true;
  if (!agreed.empty() && agreed.size() + struck.size() == members.size()) complete_at = items;
}

void Segment::absorb(Segment&& later) {
  if (later.items != 0) digest = mixed(digest, {later.digest});
  for (Datum& datum : later.data) {
    datum.at = Datum::beyond;
    data.push_back(std::move(datum));
  }
}

bool Segment::is_in(Address who) const {
  return std::ranges::binary_search(members, who) && !struck.contains(who);
}

bool Segment::awaits(Address who) const {
  return is_in(who) && (full_ ? !agreed.contains(who) : !hellos.contains(who));
}

std::vector<Counted> Segment::counted() const {
  std::vector<Counted> out;
  for (const auto& [from, hello] : hellos) out.push_back({from, hello.counter});
  return out;
}

std::uint64_t shared_up_to(const Segment& round, const Segment& older) {
  // Within one ring what is before a certain message is certain.
  if (older.epoch == round.epoch) return older.items;
  const auto place = place_of(round, older);
  std::uint64_t out = 0;
  for (const auto& [from, hello] : round.hellos) {
    if (place && is_the_same(hello, round, *place)) {
      out = std::max(out, hello.stretches[*place].certain);
    }
  }
  return std::min(out, older.items);
}

bool shares(const Segment& round, const Segment& older, Address who) {
  const auto hello = round.hellos.find(who);
  if (hello == round.hellos.end()) return false;
  if (older.epoch == round.epoch) return true;
  const auto place = place_of(round, older);
  return place && is_the_same(hello->second, round, *place);
}

}  // namespace storemark::corosync_group
