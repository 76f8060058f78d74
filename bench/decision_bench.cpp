// SPDX-License-Identifier: Apache-2.0
// One decision over as many members as there can be, with histories as long as they can be, beside
// the millisecond that it may take.
#include <storemark/restart.hpp>

#include "groups.hpp"

namespace storemark::bench {
namespace {

constexpr std::chrono::milliseconds bound(1);

Uuid numbered(std::uint8_t kind, std::size_t number) {
  Uuid out;
  out.bytes[0] = kind;
  out.bytes[14] = static_cast<std::uint8_t>(number >> 8U);
  out.bytes[15] = static_cast<std::uint8_t>(number);
  return out;
}

/// Their histories are one up to the view `common`, and each its own from there on.
std::vector<Announcement> members(StoreState state, std::size_t common) {
  std::vector<Announcement> out;
  for (std::size_t i = 0; i < max_members; ++i) {
    Announcement member;
    member.label = "member " + std::to_string(i);
    member.id = MemberId(numbered(1, i));
    member.incarnation = Incarnation(numbered(2, i));
    member.initial = InitialUuid(numbered(3, 1));
    member.state = state;
    member.floor = member.ceiling = 1'000'000;
    member.restore = RestorePolicy::latest;
    if (state == StoreState::clean) member.final = FinalUuid(numbered(4, 1));
    for (std::size_t view = 0; view < max_history; ++view) {
      const std::size_t number = view < common ? view : 1'000 + view * max_members + i;
      member.history.push_back(
          {ViewId(numbered(5, number)), view * 1'000, static_cast<std::uint16_t>(max_members)});
    }
    member.view.id = member.history.back().view;
    for (std::size_t other = 0; other < max_members; ++other) {
      member.view.members.push_back({MemberId(numbered(1, other)), "", 900'000});
    }
    out.push_back(std::move(member));
  }
  return out;
}

Contender deciding(std::string name, std::vector<Announcement> members) {
  Contender out;
  out.name = std::move(name);
  out.target = 1.0;
  out.once = [members = std::move(members)] {
    return timed([&] {
      if (decide(members).members.empty()) std::abort();
    });
  };
  return out;
}

}  // namespace

Group decision_group(Effort effort) {
  Group group("decide, 64 members with full histories",
              effort == Effort::full ? Plan{100, 5, {}} : Plan{2, 2, {}});
  Contender millisecond;
  millisecond.name = "one millisecond, the bound";
  millisecond.is_baseline = true;
  millisecond.once = [] { return std::chrono::nanoseconds(bound); };
  group.add(std::move(millisecond));
  group.add(deciding("all clean (R10)", members(StoreState::clean, max_history)));
  group.add(deciding("all dirty, at one point (R12)", members(StoreState::dirty, max_history)));
  group.add(deciding("each diverged half-way (R13)", members(StoreState::dirty, max_history / 2)));
  group.add(deciding("nothing in common (R13)", members(StoreState::dirty, 0)));
  return group;
}

}  // namespace storemark::bench
