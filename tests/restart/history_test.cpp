// SPDX-License-Identifier: Apache-2.0
// Positions of two stores: a table, and laws that hold for any two.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <storemark/restart.hpp>

#include "cli/scenario.hpp"

namespace storemark {
namespace {

using cli::uuid_of;

/// "v:0 w:100 = 90..110": views with where they began, then floor and ceiling.
Announcement life(const std::string& text) {
  Announcement out;
  std::istringstream words(text);
  for (std::string word; words >> word && word != "=";) {
    const auto colon = word.find(':');
    out.history.push_back(
        {ViewId(uuid_of(word.substr(0, colon))), std::stoull(word.substr(colon + 1)), 1});
  }
  std::string range;
  words >> range;
  const auto dots = range.find("..");
  out.floor = std::stoull(range.substr(0, dots));
  out.ceiling = dots == std::string::npos ? out.floor : std::stoull(range.substr(dots + 2));
  if (out.ceiling > out.floor) out.certainty = Certainty::between;
  return out;
}

std::string told(const Comparison& c) {
  std::string out(to_string(c.relation));
  if (c.relation == Relation::ancestor) out += c.proven ? " proven" : "";
  if (c.beyond > 0) out += " +" + std::to_string(c.beyond);
  if (c.relation == Relation::diverged) out += " at " + std::to_string(c.fork_sequence);
  return out;
}

struct Row {
  const char* a;
  const char* b;
  const char* outcome;
};

// clang-format off
const Row rows[] = {
    // in one view
    {"v:0 = 100",          "v:0 = 100",          "equal"},
    {"v:0 = 90",           "v:0 = 100",          "ancestor proven"},
    {"v:0 = 101",          "v:0 = 100",          "ahead +1"},
    {"v:0 = 90..100",      "v:0 = 100",          "ancestor proven"},
    {"v:0 = 90..110",      "v:0 = 100",          "ancestor +10"},
    {"v:0 = 90..110",      "v:0 = 95..120",      "ancestor +15"},
    {"v:0 = 95..120",      "v:0 = 90..110",      "ahead +30"},
    {"v:0 = 90..110",      "v:0 = 90..110",      "equal +20"},
    // the other lived on
    {"v:0 = 100",          "v:0 w:100 = 150",    "ancestor proven"},
    {"v:0 = 90..110",      "v:0 w:100 = 150",    "ancestor +10"},
    {"v:0 w:100 = 150",    "v:0 = 100",          "ahead +50"},
    {"v:0 w:100 = 150",    "v:0 = 90..110",      "ahead +60"},
    // they parted
    {"v:0 = 101",          "v:0 w:100 = 150",    "diverged at 100"},
    {"v:0 w:100 = 150",    "v:0 = 101",          "diverged at 100"},
    {"v:0 w:100 = 150",    "v:0 x:100 = 150",    "diverged at 100"},
    {"v:0 w:100 = 150",    "v:0 x:120 = 150",    "diverged at 100"},
    {"u:0 v:9 w:20 = 30",  "u:0 v:9 x:25 = 30",  "diverged at 20"},
    {"v:0 = 10",           "w:0 = 10",           "diverged at 0"},
    // a trailing view in which nothing was applied does not count
    {"v:0 w:100 = 100",    "v:0 = 100",          "equal"},
    {"v:0 w:100 = 100",    "v:0 x:100 = 100",    "equal"},
    {"v:0 w:100 = 100",    "v:0 x:100 = 150",    "ancestor proven"},
    {"v:0 w:100 = 100..120", "v:0 x:100 = 150",  "diverged at 100"},
    // nothing at all
    {"= 0",                "v:0 = 10",           "ancestor proven"},
    {"v:0 = 0",            "w:0 = 0",            "equal"},
    {"v:0 = 10",           "= 0",                "ahead +10"},
    {"= 10",               "v:0 = 20",           "unknown"},
};
// clang-format on

TEST(History, Table) {
  for (const Row& row : rows) {
    EXPECT_EQ(told(compare(life(row.a), life(row.b))), row.outcome) << row.a << " to " << row.b;
  }
}

TEST(History, WhatIsForgottenIsNotGuessed) {
  Announcement a = life("p:500 q:600 = 700");
  Announcement b = life("r:500 s:600 = 700");
  EXPECT_EQ(compare(a, b).relation, Relation::diverged) << "whole lives";
  b.folded = 3;
  EXPECT_EQ(compare(a, b).relation, Relation::unknown);
  EXPECT_EQ(compare(b, a).relation, Relation::unknown);
}

TEST(History, ALowerBoundIsNoCeiling) {
  Announcement a = life("v:0 = 90");
  const Announcement b = life("v:0 = 100");
  EXPECT_TRUE(compare(a, b).proven);
  a.certainty = Certainty::at_least;
  EXPECT_EQ(compare(a, b).relation, Relation::ancestor);
  EXPECT_FALSE(compare(a, b).proven);
}

/// Members of one cluster that live through random views, some of them apart.
class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {}

  std::vector<Announcement> live() {
    std::vector<Announcement> members(4);
    for (Announcement& member : members) enter(member, ViewId(uuid_of("first")));
    for (int step = 0; step < 8; ++step) {
      const std::string name = "view " + std::to_string(step);
      // Each goes on in one of two components, with the events of that component, or sleeps.
      const std::array<std::uint64_t, 2> events{random_() % 4, random_() % 4};
      for (Announcement& member : members) {
        const std::uint64_t where = random_() % 3;
        if (where == 2) continue;
        advance(member, name + (where == 0 ? "a" : "b"), events.at(where));
      }
    }
    return members;
  }

 private:
  static void enter(Announcement& member, const ViewId& view) {
    member.history.push_back({view, member.floor, 1});
  }
  /// A component's view stands for who was in it and what they held: only equals share it.
  static void advance(Announcement& member, const std::string& name, std::uint64_t events) {
    const std::string past = to_string(member.history.back().view) + std::to_string(member.floor);
    enter(member, ViewId(uuid_of(name + past)));
    member.floor = member.ceiling = member.floor + events;
  }

  std::mt19937_64 random_;
};

bool at_most_one_way(Relation a, Relation b) {
  switch (a) {
    case Relation::equal:
      return b == Relation::equal;
    case Relation::ancestor:
      return b == Relation::ahead;
    case Relation::ahead:
      return b == Relation::ancestor;
    default:
      return b == a;
  }
}

TEST(History, ExactPositionsLieOppositeToEachOther) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const auto members = World(seed).live();
    for (const Announcement& a : members) {
      EXPECT_EQ(compare(a, a).relation, Relation::equal);
      for (const Announcement& b : members) {
        const Comparison there = compare(a, b);
        const Comparison back = compare(b, a);
        EXPECT_TRUE(at_most_one_way(there.relation, back.relation))
            << told(there) << " and " << told(back) << ", seed " << seed;
        EXPECT_EQ(there.fork_sequence, back.fork_sequence) << "seed " << seed;
        EXPECT_EQ(there.fork_view, back.fork_view) << "seed " << seed;
      }
    }
  }
}

TEST(History, AncestryIsTransitive) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const auto members = World(seed).live();
    const auto within = [](const Announcement& a, const Announcement& b) {
      const Relation relation = compare(a, b).relation;
      return relation == Relation::equal || relation == Relation::ancestor;
    };
    for (const Announcement& a : members) {
      for (const Announcement& b : members) {
        for (const Announcement& c : members) {
          if (!within(a, b) || !within(b, c)) continue;
          EXPECT_TRUE(within(a, c)) << "seed " << seed;
        }
      }
    }
  }
}

TEST(DeriveView, DependsOnWhoNotOnOrder) {
  const ViewId before(uuid_of("before"));
  const std::vector<Incarnation> abc{Incarnation(uuid_of("a")), Incarnation(uuid_of("b")),
                                     Incarnation(uuid_of("c"))};
  const std::vector<Incarnation> cba(abc.rbegin(), abc.rend());
  const std::vector<Incarnation> ab(abc.begin(), abc.begin() + 2);
  EXPECT_EQ(derive_view(before, abc), derive_view(before, cba));
  EXPECT_NE(derive_view(before, abc), derive_view(before, ab)) << "two halves of a split";
  EXPECT_NE(derive_view(before, abc), derive_view(ViewId(uuid_of("other")), abc));
  EXPECT_FALSE(derive_view(ViewId(), {}).is_nil());
  EXPECT_EQ(to_string(derive_view(before, abc)), to_string(derive_view(before, abc)));
}

}  // namespace
}  // namespace storemark
