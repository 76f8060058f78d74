// SPDX-License-Identifier: Apache-2.0
#include "restart/wire_samples.hpp"

#include <xxhash.h>

#include <algorithm>

#include "journal/samples.hpp"
#include "restart/wire_layout.hpp"

namespace storemark::test {
namespace {

using namespace wire;

rc::Gen<Uuid> any_uuid() {
  return rc::gen::map(rc::gen::arbitrary<std::uint64_t>(),
                      [](std::uint64_t n) { return numbered(n); });
}
rc::Gen<std::uint64_t> any_sequence() {
  return rc::gen::oneOf(rc::gen::inRange<std::uint64_t>(0, 1000),
                        rc::gen::inRange<std::uint64_t>(0, max_sequence),
                        rc::gen::just(max_sequence));
}
template <class T>
T any_of(std::initializer_list<T> values) {
  return *rc::gen::elementOf(std::vector<T>(values));
}
std::string any_label() {
  std::string text;
  const auto size = *rc::gen::inRange<std::size_t>(0, max_label_bytes + 1);
  while (text.size() < size) {
    const auto next = any_of<std::string>({"a", "\n", "\xC3\xA9", std::string(1, '\0')});
    if (text.size() + next.size() > size) break;
    text += next;
  }
  return text;
}
std::size_t up_to(std::size_t most) { return *rc::gen::inRange<std::size_t>(0, most + 1); }

void fill_lists(Announcement& member) {
  member.view.members.resize(up_to(max_members));
  for (Member& one : member.view.members) {
    one = {MemberId(*any_uuid()), any_label(), *any_sequence()};
  }
  std::vector<std::uint64_t> from;
  for (std::size_t i = up_to(max_history); i > 0; --i) from.push_back(*any_sequence());
  std::ranges::sort(from);
  for (std::size_t i = 0; i < from.size(); ++i) {
    member.history.push_back({id<ViewId>(i + 1), from[i], *rc::gen::arbitrary<std::uint16_t>()});
  }
  for (std::size_t i = up_to(max_compared); i > 0; --i) {
    member.compared.push_back({MemberId(*any_uuid()), ViewId(*any_uuid()), *any_sequence()});
  }
}

Announcement any_announcement() {
  Announcement out;
  out.id = id<MemberId>(*rc::gen::inRange<std::uint64_t>(1, 100));
  out.label = any_label();
  out.incarnation = id<Incarnation>(*rc::gen::inRange<std::uint64_t>(1, 100));
  out.kind = any_of({MemberKind::persistent, MemberKind::transient});
  out.active = *rc::gen::arbitrary<bool>();
  out.state = any_of({StoreState::none, StoreState::empty, StoreState::updating, StoreState::dirty,
                      StoreState::clean});
  out.diagnosis = any_of({Diagnosis::none, Diagnosis::absent, Diagnosis::lost, Diagnosis::hollow,
                          Diagnosis::damaged, Diagnosis::future, Diagnosis::foreign});
  out.certainty = any_of({Certainty::exact, Certainty::between, Certainty::at_least});
  out.initial = InitialUuid(*any_uuid());
  out.final = FinalUuid(*any_uuid());
  out.floor = *any_sequence();
  out.ceiling = std::max(out.floor, *any_sequence());
  out.folded = *rc::gen::arbitrary<std::uint32_t>();
  out.view.id = ViewId(*any_uuid());
  out.sole = *rc::gen::arbitrary<bool>();
  out.marked = *rc::gen::arbitrary<bool>();
  out.discard = *rc::gen::arbitrary<bool>();
  out.wait_for = *rc::gen::inRange<std::uint32_t>(0, max_wait_for + 1);
  out.restore = any_of({RestorePolicy::manual, RestorePolicy::latest});
  out.found = any_of({FoundPolicy::allowed, FoundPolicy::never});
  out.quorum = any_of({QuorumPolicy::ignored, QuorumPolicy::automatic, QuorumPolicy::required});
  out.suspended = *rc::gen::arbitrary<bool>();
  out.bound = *rc::gen::arbitrary<bool>();
  out.epoch = *rc::gen::arbitrary<std::uint64_t>();
  out.proposal = InitialUuid(*any_uuid());
  fill_lists(out);
  return out;
}

Announce any_announce() {
  Announce out;
  out.round = numbered(*rc::gen::inRange<std::uint64_t>(1, 100));
  out.member = any_announcement();
  out.address = std::string(up_to(max_address), any_of({'a', '\0', '\xFF'}));
  out.held = *any_sequence();
  out.update_from = Incarnation(*any_uuid());
  out.following = ViewId(*any_uuid());
  out.folded_digest = {(*any_uuid()).bytes};
  out.speaks = *rc::gen::inRange<std::uint16_t>(protocol_version, 65535);
  return out;
}

}  // namespace

Announce plain_announce() {
  Announce out;
  out.round = numbered(1);
  out.member.id = id<MemberId>(2);
  out.member.label = "b";
  out.member.incarnation = id<Incarnation>(3);
  out.member.state = StoreState::dirty;
  out.member.certainty = Certainty::between;
  out.member.initial = id<InitialUuid>(4);
  out.member.floor = 10;
  out.member.ceiling = 20;
  out.member.history = {{id<ViewId>(5), 0, 3}, {id<ViewId>(6), 7, 2}};
  out.member.view = {id<ViewId>(6), {{id<MemberId>(7), "a", 9}, {id<MemberId>(2), "b", 10}}};
  out.member.wait_for = 3;
  out.member.proposal = id<InitialUuid>(8);
  out.address = "/run/b";
  out.held = 10;
  return out;
}

Announce full_announce() {
  Announce out = plain_announce();
  Announcement& member = out.member;
  member.label = "\xE2\x82\xAC sixteen more";
  member.kind = MemberKind::transient;
  member.active = true;
  member.state = StoreState::clean;
  member.diagnosis = Diagnosis::foreign;
  member.certainty = Certainty::at_least;
  member.final = id<FinalUuid>(9);
  member.ceiling = max_sequence;
  member.folded = 0xFFFFFFFF;
  member.sole = member.marked = member.discard = true;
  member.wait_for = max_wait_for;
  member.restore = RestorePolicy::latest;
  member.found = FoundPolicy::never;
  member.quorum = QuorumPolicy::required;
  member.suspended = member.bound = true;
  member.epoch = ~std::uint64_t{0};
  member.history.clear();
  for (std::uint64_t i = 0; i < max_history; ++i) {
    member.history.push_back({id<ViewId>(100 + i), i / 2, static_cast<std::uint16_t>(i)});
  }
  member.view.members.clear();
  for (std::uint64_t i = 0; i < max_members; ++i) {
    member.view.members.push_back({id<MemberId>(200 + i), std::string(max_label_bytes, 'm'), i});
  }
  for (std::uint64_t i = 0; i < max_compared; ++i) {
    member.compared.push_back({id<MemberId>(300 + i), id<ViewId>(400 + i), max_sequence - i});
  }
  out.address = std::string(max_address, '\xFF');
  out.held = max_sequence;
  out.update_from = id<Incarnation>(10);
  out.following = id<ViewId>(11);
  out.folded_digest = {id<Uuid>(12).bytes};
  out.speaks = 65535;
  return out;
}

std::vector<Message> one_of_each() {
  return {full_announce(),
          Offer{numbered(1), id<Incarnation>(2), numbered(3), max_sequence, 17},
          Retry{numbered(1)},
          Prepared{numbered(2)},
          Activated{id<ViewId>(3)},
          Event{{1, 2, 3, 0}},
          Confirm{42},
          Shutdown{id<FinalUuid>(4)}};
}

rc::Gen<Message> any_message() {
  return rc::gen::exec([]() -> Message {
    const Uuid some = numbered(*rc::gen::inRange<std::uint64_t>(1, 100));
    switch (*rc::gen::inRange(0, 8)) {
      case 0:
        return any_announce();
      case 1:
        return Offer{some, Incarnation(numbered(5)), some, *any_sequence(), *any_sequence()};
      case 2:
        return Retry{some};
      case 3:
        return Prepared{some};
      case 4:
        return Activated{ViewId(some)};
      case 5:
        return Event{*rc::gen::arbitrary<std::vector<std::uint8_t>>()};
      case 6:
        return Confirm{*any_sequence()};
      default:
        return Shutdown{FinalUuid(some)};
    }
  });
}

void reseal(WireBytes& message) {
  const std::size_t body = message.size() - layout::envelope_bytes;
  for (std::size_t i = 0; i < layout::envelope::length.size; ++i) {
    message.at(layout::envelope::length.offset + i) = static_cast<std::uint8_t>(body >> (8 * i));
  }
  const std::size_t hashed = message.size() - layout::check_bytes;
  const auto check = XXH3_64bits_withSeed(message.data(), hashed, layout::check_seed);
  for (std::size_t i = 0; i < layout::check_bytes; ++i) {
    message.at(hashed + i) = static_cast<std::uint8_t>(check >> (8 * i));
  }
}

}  // namespace storemark::test
