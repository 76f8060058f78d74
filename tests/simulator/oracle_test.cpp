// SPDX-License-Identifier: Apache-2.0
// The oracle on its own: what it lets pass, and what it does not.
#include "simulator/oracle.hpp"

#include <gtest/gtest.h>

namespace storemark::simulator {
namespace {

class OracleTest : public testing::Test {
 protected:
  /// Events 1 to `count` at their own numbers.
  Content content_of(std::uint64_t count) {
    SimStore store;
    for (std::uint64_t n = 1; n <= count; ++n) {
      while (oracle_.events() < n) static_cast<void>(oracle_.new_event());
      EXPECT_TRUE(store.append(n, n));
    }
    return store.content();
  }
  void hold(std::size_t host, const Content& content) { oracle_.durable(host, content.entries); }
  void give_up(std::size_t host, const Content& old, const Oracle::Source& source) {
    oracle_.discarded(host, old, old.entries.size(), source);
  }
  testing::AssertionResult broken(Broken how) {
    const bool is = oracle_.story().starts_with(to_string(how));
    return is ? testing::AssertionSuccess() : testing::AssertionFailure() << oracle_.story();
  }
  testing::AssertionResult whole() {
    return oracle_.is_broken() ? testing::AssertionFailure() << oracle_.story()
                               : testing::AssertionSuccess();
  }
  static View view_of(std::uint8_t id, std::vector<std::uint8_t> members) {
    View view;
    view.id.bytes[0] = id;
    for (const std::uint8_t one : members) view.members.push_back({member(one), "", 0});
    return view;
  }
  static MemberId member(std::uint8_t id) {
    MemberId out;
    out.bytes[0] = id;
    return out;
  }

  Oracle oracle_;
};

TEST_F(OracleTest, an_answer_needs_two_durable_copies_or_nobody_else) {
  hold(0, content_of(2));
  oracle_.answered(0, 1, true);
  EXPECT_TRUE(whole());
  oracle_.answered(0, 2, false);
  EXPECT_TRUE(broken(Broken::early_answer));
}

TEST_F(OracleTest, the_copy_here_counts_too) {
  const Content content = content_of(1);
  hold(1, content);
  hold(2, content);
  oracle_.answered(0, 1, false);
  EXPECT_TRUE(broken(Broken::early_answer));
}

TEST_F(OracleTest, what_the_source_holds_is_not_lost) {
  const Content old = content_of(2);
  const Content source = content_of(3);
  hold(0, old);
  hold(1, source);
  oracle_.answered(0, 2, false);
  give_up(0, old, {&source, false, {}});
  EXPECT_TRUE(whole());
}

TEST_F(OracleTest, what_the_source_lacks_is_lost) {
  const Content old = content_of(3);
  const Content source = content_of(2);
  hold(0, old);
  hold(1, old);
  oracle_.answered(0, 3, false);
  give_up(0, old, {&source, false, {}});
  EXPECT_TRUE(broken(Broken::lost_event)) << "that host 1 has it is luck";
}

TEST_F(OracleTest, what_nobody_was_answered_for_may_go) {
  const Content old = content_of(3);
  const Content source = content_of(2);
  hold(0, old);
  give_up(0, old, {&source, false, {}});
  EXPECT_TRUE(whole());
}

TEST_F(OracleTest, an_operator_may_give_up_a_copy_and_no_other) {
  const Content old = content_of(3);
  const Content source = content_of(2);
  hold(0, old);
  hold(1, old);
  oracle_.answered(0, 3, false);
  oracle_.gave_up(0, old);
  give_up(0, old, {&source, false, {}});
  EXPECT_TRUE(whole());
  EXPECT_EQ(oracle_.given_up(), 1U);
  give_up(1, old, {&source, false, {}});
  EXPECT_TRUE(broken(Broken::lost_event));
}

TEST_F(OracleTest, the_word_on_a_directory_goes_with_its_copy) {
  const Content old = content_of(3);
  const Content source = content_of(2);
  hold(0, old);
  hold(2, old);
  oracle_.answered(0, 3, false);
  oracle_.gave_up(0, old);
  oracle_.copied(0, 1, old.entries);
  give_up(1, old, {&source, false, {}});
  EXPECT_TRUE(whole());
  oracle_.copied(2, 1, old.entries);
  give_up(1, old, {&source, false, {}});
  EXPECT_TRUE(broken(Broken::lost_event));
}

TEST_F(OracleTest, a_word_that_was_taken_back_covers_nothing) {
  const Content old = content_of(1);
  hold(0, old);
  hold(1, old);
  oracle_.answered(0, 1, false);
  oracle_.gave_up(0, old);
  oracle_.took_back(0, old);
  give_up(0, old, {});
  EXPECT_TRUE(broken(Broken::lost_event));
}

TEST_F(OracleTest, a_mark_covers_what_the_chosen_store_has_not) {
  const Content other = content_of(3);
  const Content chosen = content_of(1);
  hold(0, other);
  hold(1, other);
  hold(2, chosen);
  oracle_.answered(0, 3, false);
  oracle_.compared(0, other, chosen);
  give_up(0, other, {&chosen, false, {}});
  EXPECT_TRUE(whole());
}

TEST_F(OracleTest, a_decision_may_say_what_it_loses) {
  const Content old = content_of(3);
  const Content source = content_of(2);
  const std::vector<Loss> said{{{}, 3, 3}};
  hold(0, old);
  hold(1, old);
  oracle_.answered(0, 3, false);
  give_up(0, old, {&source, false, said});
  EXPECT_TRUE(whole());
  EXPECT_EQ(oracle_.said_losses(), 1U);
}

TEST_F(OracleTest, nobody_who_is_known_is_left_out) {
  const Content more = content_of(3);
  const Content source = content_of(2);
  hold(0, more);
  hold(1, more);
  oracle_.left_out(0, more, source);
  EXPECT_TRUE(whole()) << "nobody was answered";
  oracle_.answered(0, 3, false);
  oracle_.left_out(0, more, source);
  EXPECT_TRUE(broken(Broken::lost_event));
}

TEST_F(OracleTest, in_the_end_every_answer_is_held) {
  const Content content = content_of(2);
  hold(0, content);
  hold(1, content);
  oracle_.answered(0, 2, false);
  oracle_.check_all_there(content_of(1));
  EXPECT_TRUE(whole()) << "both still have it";
  oracle_.gave_up(0, content);
  oracle_.gave_up(1, content);
  give_up(0, content, {});
  give_up(1, content, {});
  oracle_.check_all_there(content_of(1));
  EXPECT_TRUE(whole()) << "an operator gave up the last copy";
}

TEST_F(OracleTest, two_members_of_a_view_agree_on_each_position) {
  const Content content = content_of(2);
  oracle_.applied(0, view_of(1, {}).id, content.entries[1]);
  oracle_.applied(1, view_of(1, {}).id, content.entries[1]);
  oracle_.applied(1, view_of(2, {}).id, {2, 1, 9});
  EXPECT_TRUE(whole()) << "another view is another matter";
  Entry other = content.entries[1];
  ++other.digest;
  oracle_.applied(2, view_of(1, {}).id, other);
  EXPECT_TRUE(broken(Broken::divergence)) << "the same event, on top of others";
}

TEST_F(OracleTest, what_was_dropped_is_applied_by_nobody) {
  const Content content = content_of(2);
  oracle_.dropped(0, 1);
  oracle_.applied(0, view_of(1, {}).id, content.entries[1]);
  EXPECT_TRUE(whole());
  oracle_.applied(1, view_of(1, {}).id, content.entries[0]);
  EXPECT_TRUE(broken(Broken::misuse));
}

TEST_F(OracleTest, what_was_applied_is_not_said_to_be_dropped) {
  const Content content = content_of(1);
  oracle_.applied(1, view_of(1, {}).id, content.entries[0]);
  oracle_.dropped(0, 1);
  EXPECT_TRUE(broken(Broken::misuse));
}

TEST_F(OracleTest, where_no_losses_are_allowed_one_event_is_answered_at_a_place) {
  oracle_.answered_as(0, 1, 5);
  oracle_.answered_as(1, 2, 5);
  EXPECT_TRUE(whole());
  oracle_.forbid_losses();
  oracle_.answered_as(0, 1, 5);
  oracle_.answered_as(1, 1, 5);
  EXPECT_TRUE(whole());
  oracle_.answered_as(1, 2, 5);
  EXPECT_TRUE(broken(Broken::divergence));
}

TEST_F(OracleTest, nothing_is_applied_before_all_who_start_are_active) {
  const View view = view_of(1, {1, 2});
  oracle_.activated(member(1), view, true);
  EXPECT_TRUE(oracle_.is_start(view.id));
  oracle_.before_event(0, view);
  EXPECT_TRUE(broken(Broken::early_event));
}

TEST_F(OracleTest, clean_means_the_content_of_that_shutdown) {
  const Content content = content_of(2);
  FinalUuid final;
  final.bytes[0] = 1;
  Verdict verdict;
  verdict.state = StoreState::clean;
  verdict.record.emplace().final = final;
  oracle_.shut_down(0, final, content);
  oracle_.opened(0, verdict, content);
  EXPECT_TRUE(whole());
  oracle_.opened(0, verdict, content_of(1));
  EXPECT_TRUE(broken(Broken::false_clean));
}

TEST_F(OracleTest, a_clean_store_that_nobody_touched_stays_clean) {
  const Content content = content_of(2);
  FinalUuid final;
  final.bytes[0] = 1;
  Verdict verdict;
  verdict.state = StoreState::dirty;
  verdict.record.emplace();
  oracle_.shut_down(0, final, content);
  oracle_.touched(0);
  oracle_.opened(0, verdict, content);
  EXPECT_TRUE(whole());
  oracle_.shut_down(0, final, content);
  oracle_.opened(0, verdict, content);
  EXPECT_TRUE(broken(Broken::lost_clean));
}

TEST_F(OracleTest, floor_and_ceiling_stand_around_the_store) {
  SimStore store;
  static_cast<void>(oracle_.new_event());
  EXPECT_TRUE(store.append(1, 1));
  oracle_.check_bounds(0, 0, 1, store);
  EXPECT_TRUE(whole());
  Oracle other;
  other.check_bounds(0, 1, 1, store);
  EXPECT_TRUE(other.story().starts_with("false floor")) << "it is not synced";
  oracle_.check_bounds(0, 0, 0, store);
  EXPECT_TRUE(broken(Broken::false_ceiling));
}

}  // namespace
}  // namespace storemark::simulator
