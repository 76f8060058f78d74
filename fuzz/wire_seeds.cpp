// SPDX-License-Identifier: Apache-2.0
// One message of each kind, as the encoder writes it.
#include "restart/wire.hpp"
#include "seeds.hpp"

namespace storemark::fuzz {
namespace {

using namespace storemark::wire;

template <class IdType = Uuid>
IdType number(std::uint8_t n) {
  Uuid uuid;
  uuid.bytes.back() = n;
  return IdType(uuid);
}

Announce small_announce() {
  Announce out;
  out.round = number(1);
  out.member.id = number<MemberId>(2);
  out.member.incarnation = number<Incarnation>(3);
  out.member.state = StoreState::empty;
  out.member.proposal = number<InitialUuid>(4);
  return out;
}

Announce marked_announce() {
  Announce out = small_announce();
  Announcement& member = out.member;
  member.label = "b";
  member.state = StoreState::clean;
  member.initial = number<InitialUuid>(5);
  member.final = number<FinalUuid>(6);
  member.floor = member.ceiling = out.held = 1051;
  member.history = {{number<ViewId>(7), 0, 3}, {number<ViewId>(8), 900, 2}};
  member.view = {number<ViewId>(8), {{number<MemberId>(2), "b", 1051}}};
  member.marked = true;
  member.compared = {{number<MemberId>(9), number<ViewId>(7), 901}};
  member.wait_for = 3;
  out.address = "/run/b";
  return out;
}

Announce suspended_announce() {
  Announce out = marked_announce();
  out.member.state = StoreState::dirty;
  out.member.marked = false;
  out.member.compared.clear();
  out.member.final = {};
  out.member.active = out.member.suspended = out.member.bound = true;
  out.member.quorum = QuorumPolicy::required;
  out.member.epoch = 3;
  return out;
}

Announce long_announce() {
  Announce out = marked_announce();
  out.member.view.members.resize(max_members, {number<MemberId>(9), "\xE2\x82\xAC", 1});
  for (std::size_t i = out.member.history.size(); i < max_history; ++i) {
    out.member.history.push_back({number<ViewId>(static_cast<std::uint8_t>(100 + i)), 900 + i, 2});
  }
  out.member.compared.resize(max_compared);
  return out;
}

}  // namespace

std::vector<Seed> wire_seeds() {
  return {
      {"announce-empty", encode(small_announce())},
      {"announce-marked", encode(marked_announce())},
      {"announce-suspended", encode(suspended_announce())},
      {"announce-long", encode(long_announce())},
      {"offer", encode(Offer{number(1), number<Incarnation>(3), number(10), 1051, 1000})},
      {"retry", encode(Retry{number(1)})},
      {"prepared", encode(Prepared{number(1)})},
      {"activated", encode(Activated{number<ViewId>(8)})},
      {"event", encode(Event{{'p', 'u', 't', 0, 1}})},
      {"event-empty", encode(Event{})},
      {"confirm", encode(Confirm{max_sequence})},
      {"shutdown", encode(Shutdown{number<FinalUuid>(6)})},
  };
}

}  // namespace storemark::fuzz
