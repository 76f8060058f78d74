// SPDX-License-Identifier: Apache-2.0
// One decision, over a few members and over as many as there can be, with histories as long as they
// can be, beside the millisecond that it may take.
#include <storemark/restart.hpp>

#include "../group.hpp"
#include "../subject.hpp"

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
std::vector<Announcement> members(std::size_t count, StoreState state, std::size_t common) {
  std::vector<Announcement> out;
  for (std::size_t i = 0; i < count; ++i) {
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
          {ViewId(numbered(5, number)), view * 1'000, static_cast<std::uint16_t>(count)});
    }
    member.view.id = member.history.back().view;
    for (std::size_t other = 0; other < count; ++other) {
      member.view.members.push_back({MemberId(numbered(1, other)), "", 900'000});
    }
    out.push_back(std::move(member));
  }
  return out;
}

Contender deciding(std::string name, std::vector<Announcement> members) {
  Contender out;
  out.name = std::move(name);
  out.is_ours = true;
  out.once = [members = std::move(members)] {
    return timed([&] {
      if (decide(members).members.empty()) std::abort();
    });
  };
  return out;
}

Table decisions(std::size_t count, const Plan& plan) {
  Group group("decide, " + std::to_string(count) + " members", plan);
  Contender millisecond;
  millisecond.name = "one millisecond, the bound";
  millisecond.is_baseline = true;
  millisecond.once = [] { return std::chrono::nanoseconds(bound); };
  group.add(std::move(millisecond));
  const auto all = [count](StoreState state, std::size_t common) {
    return members(count, state, common);
  };
  group.add(deciding("all clean (R10)", all(StoreState::clean, max_history)));
  group.add(deciding("all dirty, at one point (R12)", all(StoreState::dirty, max_history)));
  group.add(deciding("each diverged half-way (R13)", all(StoreState::dirty, max_history / 2)));
  group.add(deciding("nothing in common (R13)", all(StoreState::dirty, 0)));
  return std::move(group).table();
}

Tables decision_tables(const std::filesystem::path& /*directory*/, Effort effort) {
  const Plan plan =
      by_effort<Plan>(effort, {2, 2, {}, {}}, {20, 4, {}, {}}, {60, 5, {}, {}}, {300, 10, {}, {}});
  Tables out;
  for (const std::size_t count : {std::size_t{3}, std::size_t{16}, max_members}) {
    out.push_back(decisions(count, plan));
  }
  return out;
}

}  // namespace
}  // namespace storemark::bench

int main(int argc, char** argv) {
  return storemark::bench::run_subject(argc, argv, "decision", storemark::bench::decision_tables);
}
