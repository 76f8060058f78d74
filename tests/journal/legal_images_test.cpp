// SPDX-License-Identifier: Apache-2.0
// Holds src/journal/legal_images.cpp against a model of the writer that is stopped everywhere.
#include "journal/legal_images.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "journal/crash_model.hpp"

namespace storemark {
namespace {

using legal::Age;
using legal::Image;
using test::crash::image_of;
using test::crash::Runs;
using test::crash::Scope;
using test::crash::Slots;

/// "0 0 2 - 1 x": ages, torn, fault.
std::string spelt(const Image& image) {
  std::string out;
  for (const Age age : image) {
    out += age == Age::torn ? "-" : age == Age::fault ? "x" : std::to_string(static_cast<int>(age));
    out += ' ';
  }
  out.pop_back();
  return out;
}

/// Every image that has a newest record.
template <class Visit>
void for_every_image(Visit visit) {
  constexpr std::array ages{Age::newest, Age::one,  Age::two,  Age::three,
                            Age::four,   Age::torn, Age::fault};
  for (std::size_t n = 0; n < 7 * 7 * 7 * 7 * 7 * 7; ++n) {
    Image image{};
    std::size_t rest = n;
    for (Age& age : image) {
      age = ages.at(rest % ages.size());
      rest /= ages.size();
    }
    if (std::ranges::count(image, Age::newest) > 0) visit(image);
  }
}

std::set<Image> images_of(const Runs& runs) {
  std::set<Image> out;
  for (const auto& state : runs.stopped) out.insert(image_of(state.slots));
  return out;
}

const Runs& runs() {
  static const Runs all = all_runs(Scope{});
  return all;
}

unsigned differing(const Image& a, const Image& b) {
  unsigned count = 0;
  for (std::size_t i = 0; i < slot_count; ++i) count += a.at(i) == b.at(i) ? 0U : 1U;
  return count;
}

TEST(LegalImages, WhereverARunIsStoppedTheImageIsLegal) {
  EXPECT_GT(runs().stopped.size(), 250U);
  for (const Image& image : images_of(runs())) {
    EXPECT_EQ(legal::distance(image), 0U) << spelt(image);
  }
}

/// Nothing is called legal that no run leaves: it would hide a fault.
TEST(LegalImages, NoOtherImageIsLegal) {
  const std::set<Image> reachable = images_of(runs());
  for_every_image([&](const Image& image) {
    if (legal::distance(image) > 0) return;
    EXPECT_TRUE(reachable.contains(image)) << spelt(image);
  });
}

TEST(LegalImages, NoneIsOlderThanTheChainIsFollowed) {
  for (const auto& state : runs().stopped) {
    for (const Age age : image_of(state.slots)) EXPECT_NE(age, Age::fault);
  }
}

/// A run may also have been stopped before the record that now is the newest stood anywhere: then
/// the slot that a fault had spoilt was healed first, with that record, and the heal was cut.
TEST(LegalImages, DistanceIsTheNumberOfSlotsToTheNearestLegalImage) {
  std::set<Image> legal = images_of(runs());
  for (const Slots& slots : runs().begun) legal.insert(image_of(slots));
  const std::vector<Image> near(legal.begin(), legal.end());
  for_every_image([&](const Image& image) {
    unsigned nearest = slot_count;
    for (const Image& one : near) nearest = std::min(nearest, differing(image, one));
    ASSERT_EQ(legal::distance(image), nearest) << spelt(image);
  });
}

TEST(LegalImages, SettledIsWhatFinishedCallsLeave) {
  std::set<Image> finished;
  for (const Slots& slots : runs().finished) finished.insert(image_of(slots));
  EXPECT_EQ(finished.size(), 5U);
  for_every_image([&](const Image& image) {
    ASSERT_EQ(legal::is_settled(image), finished.contains(image)) << spelt(image);
  });
}

/// The slots of every stopped run, told relative to a record older than the acknowledged one; -1
/// for those that hold a newer one, and so must have become something else.
std::vector<std::array<int, slot_count>> seen_from_older_records() {
  std::set<std::array<int, slot_count>> out;
  for (const auto& state : runs().stopped) {
    for (const int behind : {1, 2, 3, 4}) {
      std::array<int, slot_count> ages{};
      for (std::size_t i = 0; i < slot_count; ++i) {
        const int slot = state.slots.at(i);
        ages.at(i) = slot == test::crash::torn ? static_cast<int>(Age::torn)
                                               : std::max(state.acknowledged - slot - behind, -1);
      }
      out.insert(ages);
    }
  }
  return {out.begin(), out.end()};
}

TEST(LegalImages, FaultsToHideANewerRecord) {
  const auto befores = seen_from_older_records();
  // A transition may have been acknowledged with one slot that was bad already.
  constexpr unsigned at_most = 5;
  unsigned fewest = slot_count;
  for_every_image([&](const Image& image) {
    unsigned faults = at_most;
    for (const auto& before : befores) {
      unsigned differ = 0;
      for (std::size_t i = 0; i < slot_count; ++i) {
        differ += static_cast<int>(image.at(i)) == before.at(i) ? 0U : 1U;
      }
      faults = std::min(faults, differ);
    }
    ASSERT_EQ(legal::faults_to_hide_newer(image), faults) << spelt(image);
    fewest = std::min(fewest, faults);
  });
  EXPECT_EQ(fewest, 2U) << "no single fault hides what was acknowledged";
}

}  // namespace
}  // namespace storemark
