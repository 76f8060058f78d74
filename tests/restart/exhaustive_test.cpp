// SPDX-License-Identifier: Apache-2.0
// Every combination of up to four members over the states that differ in effect, active or not:
// what no decision may ever do.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <storemark/restart.hpp>

#include "abstract_states.hpp"

namespace storemark {
namespace {

using namespace restart_test;  // NOLINT(google-build-using-namespace): the tests' own words

/// What no decision may do; empty: nothing was done wrong.
class Judge {
 public:
  Judge(const std::vector<Announcement>& members, const Decision& decision)
      : members_(members), decision_(decision) {}

  std::string fault() {
    check_whole();
    for (const MemberDecision& one : decision_.members) check_member(one);
    check_sources();
    return fault_;
  }

 private:
  const Announcement& of(const MemberId& id) const {
    return *std::ranges::find(members_, id, &Announcement::id);
  }
  void must(bool holds, const char* what) {
    if (!holds && fault_.empty()) fault_ = what;
  }
  bool anybody(Action action) const {
    return std::ranges::any_of(decision_.members,
                               [&](const MemberDecision& m) { return m.action == action; });
  }

  void check_whole() {
    must(decision_.members.size() == members_.size(), "somebody was forgotten");
    must(decision_.rule != Rule::none || anybody(Action::stay), "no rule");
    const bool goes_on = anybody(Action::restore) || anybody(Action::found) ||
                         anybody(Action::update) || anybody(Action::activate);
    const bool may = decision_.outcome == Outcome::start || decision_.outcome == Outcome::damaged;
    must(may || !goes_on, "somebody goes on though the whole does not start");
    must(decision_.outcome != Outcome::start || goes_on || anybody(Action::stay),
         "a start of nobody");
  }

  void check_member(const MemberDecision& one) {
    const Announcement& member = of(one.id);
    must(!one.evidence.empty(), "no evidence");
    must(one.donor.has_value() == (one.action == Action::update), "an update is from a donor");
    must(member.active == (one.action == Action::stay), "who is active stays");
    if (one.action == Action::restore) {
      must(member.state == StoreState::clean || member.state == StoreState::dirty,
           "restores from what is no store");
      must(!member.discard && member.diagnosis == Diagnosis::none,
           "restores from a given up store");
    }
    if (member.diagnosis != Diagnosis::none) must(one.action == Action::wait, "R14 went on");
    if (one.donor) check_update(member, of(*one.donor));
  }

  void check_update(const Announcement& member, const Announcement& donor) {
    const auto gives = std::ranges::find(decision_.members, donor.id, &MemberDecision::id);
    must(gives->action == Action::restore || gives->action == Action::stay,
         "the donor has nothing to give");
    must(donor.state != StoreState::updating, "the donor is updating");
    const bool has_store = member.kind == MemberKind::persistent && !member.discard &&
                           (member.state == StoreState::clean || member.state == StoreState::dirty);
    if (!has_store) return;
    must(member.initial == donor.initial, "an update across clusters");
    const Relation relation = compare(member, donor).relation;
    const bool behind = relation == Relation::equal || relation == Relation::ancestor;
    const bool given_up = std::ranges::any_of(members_, [&](const Announcement& m) {
      const Compared now{member.id, member.view.id, member.ceiling};
      return m.marked && std::ranges::find(m.compared, now) != m.compared.end();
    });
    must(behind || given_up, "a store that is not behind was discarded unasked");
  }

  void check_sources() {
    const Announcement* source = nullptr;
    for (const MemberDecision& one : decision_.members) {
      if (one.action != Action::restore) continue;
      if (source == nullptr) source = &of(one.id);
      must(compare(of(one.id), *source).relation == Relation::equal, "two sources differ");
      must(of(one.id).initial == source->initial, "sources of two clusters");
    }
  }

  const std::vector<Announcement>& members_;
  const Decision& decision_;
  std::string fault_;
};

std::string told(const Decision& decision) {
  std::string out(to_string(decision.outcome));
  out += " " + std::string(to_string(decision.rule)) + " " + decision.why;
  for (const MemberDecision& one : decision.members) {
    out += "\n  " + std::string(to_string(one.action)) + " " + std::string(to_string(one.rule)) +
           (one.donor ? " from " + to_string(*one.donor) : "") + ": " + one.evidence;
  }
  for (const Loss& loss : decision.loses) {
    out += "\n  loses " + std::to_string(loss.from) + ".." + std::to_string(loss.to);
  }
  return out;
}

class Exhaustive : public testing::TestWithParam<bool> {
 protected:
  /// All combinations of states for members 0 to size - 1.
  void each(unsigned size, std::vector<Announcement>& members) {
    if (members.size() == size) {
      judge(members);
      return;
    }
    for (const State state : states()) {
      members.push_back(member(static_cast<unsigned>(members.size())));
      state(members.back());
      // The first one is active, where that is asked for and it can be.
      if (GetParam() && members.size() == 1) {
        if (!can_be_active(members.back())) {
          members.pop_back();
          continue;
        }
        members.back().active = true;
      }
      each(size, members);
      members.pop_back();
    }
  }

  void judge(const std::vector<Announcement>& members) {
    ++combinations_;
    const Decision decision = decide(members);
    const std::string fault = Judge(members, decision).fault();
    if (!fault.empty() && ++failures_ < 6) ADD_FAILURE() << fault << "\n" << told(decision);
    std::vector<Announcement> turned(members.rbegin(), members.rend());
    if (told(decide(turned)) != told(decision) && ++failures_ < 6) {
      ADD_FAILURE() << "another order, another answer\n" << told(decision);
    }
    std::ranges::rotate(turned, turned.begin() + 1);
    if (told(decide(turned)) != told(decision) && ++failures_ < 6) {
      ADD_FAILURE() << "another order, another answer\n" << told(decision);
    }
  }

  unsigned combinations_ = 0;
  unsigned failures_ = 0;
};

TEST_P(Exhaustive, up_to_four_members) {
  std::vector<Announcement> members;
  for (unsigned size = 1; size <= 4; ++size) each(size, members);
  std::printf("%u combinations\n", combinations_);
  EXPECT_GT(combinations_, 10'000U);
}

INSTANTIATE_TEST_SUITE_P(all, Exhaustive, testing::Bool(),
                         [](const auto& what) { return what.param ? "active" : "forming"; });

TEST(Decision, OfNobodyIsToWait) {
  const Decision decision = decide({});
  EXPECT_EQ(decision.outcome, Outcome::wait);
  EXPECT_TRUE(decision.members.empty());
}

}  // namespace
}  // namespace storemark
