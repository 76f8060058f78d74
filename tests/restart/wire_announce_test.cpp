// SPDX-License-Identifier: Apache-2.0
// Announcements that lie: what the encoder is given beyond the bounds, and bytes that no encoder
// writes. The checksum is right in all of them.
#include "restart/wire_announce.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "journal/samples.hpp"
#include "restart/wire_samples.hpp"

namespace storemark::wire {
namespace {

using namespace storemark::test;
namespace at = layout::announce;

constexpr std::uint64_t too_far = max_sequence + 1;

struct Lie {
  const char* name;
  std::function<void(Announce&)> tell;
  const char* why;
};

const Lie lies[] = {
    {"no round", [](auto& a) { a.round = {}; }, "it names no round"},
    {"no member", [](auto& a) { a.member.id = {}; }, "it names no member"},
    {"no incarnation", [](auto& a) { a.member.incarnation = {}; }, "it names no member"},
    {"floor above ceiling", [](auto& a) { a.member.floor = 21; }, "its floor is above its ceiling"},
    {"ceiling too far", [](auto& a) { a.member.ceiling = too_far; },
     "its sequence is beyond all counting"},
    {"held too far", [](auto& a) { a.held = too_far; }, "its sequence is beyond all counting"},
    {"a million and one", [](auto& a) { a.member.wait_for = max_wait_for + 1; },
     "it waits for more members than there can be"},
    {"speaks nothing", [](auto& a) { a.speaks = 0; },
     "it does not speak the protocol that it uses"},
    {"kind", [](auto& a) { a.member.kind = MemberKind{2}; }, "its kind is unknown"},
    {"state", [](auto& a) { a.member.state = StoreState{5}; }, "its state is unknown"},
    {"diagnosis", [](auto& a) { a.member.diagnosis = Diagnosis{7}; }, "its diagnosis is unknown"},
    {"certainty", [](auto& a) { a.member.certainty = Certainty{3}; }, "its certainty is unknown"},
    {"restore", [](auto& a) { a.member.restore = RestorePolicy{2}; }, "its policy is unknown"},
    {"found", [](auto& a) { a.member.found = FoundPolicy{255}; }, "its policy is unknown"},
    {"quorum", [](auto& a) { a.member.quorum = QuorumPolicy{3}; }, "its policy is unknown"},
    {"label of 17", [](auto& a) { a.member.label.assign(17, 'x'); }, "its label is too long"},
    {"label of 65537", [](auto& a) { a.member.label.assign(65537, 'x'); }, "it is too long"},
    {"label of no UTF-8", [](auto& a) { a.member.label = "\xC3"; }, "its label is not UTF-8"},
    {"address of 256", [](auto& a) { a.address.assign(256, 'x'); }, "its address is too long"},
    {"65 members", [](auto& a) { a.member.view.members.resize(65); },
     "its view has too many members"},
    {"a member's sequence", [](auto& a) { a.member.view.members[1].sequence = too_far; },
     "a member's sequence is beyond all counting"},
    {"a member's label of 17", [](auto& a) { a.member.view.members[0].label.assign(17, 'x'); },
     "a member's label is too long"},
    {"a member's label of 256", [](auto& a) { a.member.view.members[0].label.assign(256, '\0'); },
     "a member's label is too long"},
    {"a member's label of no UTF-8",
     [](auto& a) { a.member.view.members[0].label = "\xED\xA0\x80"; },
     "a member's label is not UTF-8"},
    {"33 views",
     [](auto& a) {
       a.member.history.clear();
       for (std::uint64_t i = 1; i <= 33; ++i) a.member.history.push_back({id<ViewId>(i), i, 1});
     },
     "its history is too long"},
    {"a view too far", [](auto& a) { a.member.history[1].from = too_far; },
     "its history is beyond all counting"},
    {"backwards", [](auto& a) { a.member.history[0].from = 8; }, "its history goes backwards"},
    {"a cycle",
     [](auto& a) {
       a.member.history.push_back({id<ViewId>(5), 9, 1});
     },
     "its history has a view twice"},
    {"64 compared", [](auto& a) { a.member.compared.resize(64); },
     "its mark was compared with too many stores"},
    {"compared too far",
     [](auto& a) {
       a.member.compared = {{{}, {}, too_far}};
     },
     "a compared sequence is beyond all counting"},
};

TEST(WireAnnounce, LiesAreRefused) {
  for (const Lie& lie : lies) {
    Announce announce = plain_announce();
    lie.tell(announce);
    EXPECT_EQ(refusal(encode(announce)), lie.why) << lie.name;
  }
}

struct Bent {
  const char* name;
  std::size_t at;  // in the body
  std::uint8_t value;
  const char* why;
};

TEST(WireAnnounce, BytesThatNoEncoderWritesAreRefused) {
  const Bent bents[] = {
      {"a seventh flag", at::flags.offset, 64, "an unknown flag is set"},
      {"the highest flag", at::flags.offset + 1, 0x80, "an unknown flag is set"},
      {"the first reserved byte", at::reserved.offset, 1, "reserved bytes are not zero"},
      {"the last reserved byte", at::reserved.end() - 1, 1, "reserved bytes are not zero"},
      {"65535 members", at::members.offset + 1, 0xFF, "its view has too many members"},
      {"one member more", at::members.offset, 3,
       "its body has not the length that its counts add up to"},
      {"views that are not there", at::history.offset, 32,
       "its body has not the length that its counts add up to"},
      {"stores that are not there", at::compared.offset, 63,
       "its body has not the length that its counts add up to"},
      {"an address that is not there", at::address.offset, 255,
       "its body has not the length that its counts add up to"},
  };
  for (const Bent& bent : bents) {
    WireBytes bytes = encode(plain_announce());
    bytes.at(layout::header_bytes + bent.at) = bent.value;
    reseal(bytes);
    EXPECT_EQ(refusal(bytes), bent.why) << bent.name;
  }
}

TEST(WireAnnounce, EveryFieldIsCarried) {
  // Two announcements that differ in one field have different bytes and are not equal.
  const Announce plain = plain_announce();
  const std::function<void(Announce&)> changes[] = {
      [](auto& a) { a.round = numbered(99); },
      [](auto& a) { a.member.id = id<MemberId>(99); },
      [](auto& a) { a.member.label = "c"; },
      [](auto& a) { a.member.incarnation = id<Incarnation>(99); },
      [](auto& a) { a.member.kind = MemberKind::transient; },
      [](auto& a) { a.member.active = true; },
      [](auto& a) { a.member.state = StoreState::clean; },
      [](auto& a) { a.member.diagnosis = Diagnosis::lost; },
      [](auto& a) { a.member.certainty = Certainty::exact; },
      [](auto& a) { a.member.initial = id<InitialUuid>(99); },
      [](auto& a) { a.member.final = id<FinalUuid>(99); },
      [](auto& a) { a.member.floor = 11; },
      [](auto& a) { a.member.ceiling = 21; },
      [](auto& a) { a.member.history[1].members = 3; },
      [](auto& a) { a.member.folded = 1; },
      [](auto& a) { a.member.view.id = id<ViewId>(99); },
      [](auto& a) { a.member.view.members[0].sequence = 8; },
      [](auto& a) { a.member.sole = true; },
      [](auto& a) { a.member.marked = true; },
      [](auto& a) { a.member.discard = true; },
      [](auto& a) { a.member.compared.resize(1); },
      [](auto& a) { a.member.wait_for = 4; },
      [](auto& a) { a.member.restore = RestorePolicy::latest; },
      [](auto& a) { a.member.found = FoundPolicy::never; },
      [](auto& a) { a.member.quorum = QuorumPolicy::required; },
      [](auto& a) { a.member.suspended = true; },
      [](auto& a) { a.member.bound = true; },
      [](auto& a) { a.member.epoch = 99; },
      [](auto& a) { a.member.proposal = id<InitialUuid>(99); },
      [](auto& a) { a.address = "/run/c"; },
      [](auto& a) { a.held = 11; },
      [](auto& a) { a.update_from = id<Incarnation>(99); },
      [](auto& a) { a.following = id<ViewId>(99); },
      [](auto& a) { a.speaks = 2; },
  };
  std::size_t number = 0;
  for (const auto& change : changes) {
    Announce changed = plain;
    change(changed);
    EXPECT_FALSE(changed == plain) << number;
    EXPECT_TRUE(decode(encode(changed)) == Message(changed)) << number;
    EXPECT_NE(encode(changed), encode(plain)) << number;
    ++number;
  }
}

}  // namespace
}  // namespace storemark::wire
