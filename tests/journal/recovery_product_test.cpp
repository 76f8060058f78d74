// SPDX-License-Identifier: Apache-2.0
// Every combination of slot images against the slow reference of the reading rule.
//
//   RECOVERY_PRODUCT_EVERY=N   looks at one combination in N (1: all) where a case says "drawn"
//   RECOVERY_PRODUCT_SEED=S    repeats a drawing
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <random>

#include "journal/damage.hpp"

namespace storemark {
namespace {

using namespace storemark::test;

/// The images that differ in effect. A rotten or zero slot is torn; a malformed, unreadable or long
/// past one is a fault, like `far`.
constexpr std::array<const char*, 8> images{"new", "one", "cln", "trn", "far", "mnw", "frk", "for"};
constexpr std::size_t combinations = 8 * 8 * 8 * 8 * 8 * 8;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool slow = true;
#else
constexpr bool slow = false;
#endif

struct Case {
  const char* newest;
  const char* facts;
  bool drawn;
};
constexpr Case cases[] = {
    {"between", "unknown", slow}, {"tagged", "data+good", slow}, {"clean", "unknown", true},
    {"tagged", "unknown", true},  {"marked", "data=47", true},   {"empty", "nothing", true},
    {"between", "data=55", true}, {"updating", "data=20", true}, {"clean", "data=50", true},
    {"fresh", "nothing", true},
};

std::size_t setting(const char* name, std::size_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// A diagnosis stands in the place of the state.
bool same(reference::Answer a, reference::Answer b) {
  if (a.diagnosis != Diagnosis::none) a.state = b.state = StoreState::none;
  return a == b;
}

/// One word, as it stands in each slot: made once, and put together into combinations.
struct Pieces {
  std::array<std::array<Bytes, slot_count>, images.size()> bytes;
  std::array<std::array<codec::Decoded, slot_count>, images.size()> decoded;
  Bytes frame;
  recovery::Evidence evidence;
};

Pieces pieces_of(const char* newest) {
  Pieces out;
  for (std::size_t image = 0; image < images.size(); ++image) {
    std::string slots;
    for (std::size_t slot = 0; slot < slot_count; ++slot)
      slots += std::string(images.at(image)) + ' ';
    const Damage damage(newest, slots);
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
      const auto block = block_of(damage.file(), slot);
      out.bytes.at(image).at(slot).assign(block.begin(), block.end());
      out.decoded.at(image).at(slot) = codec::decode(block, slot);
    }
    out.frame = damage.file();
    out.evidence = damage.evidence();
  }
  return out;
}

class RecoveryProduct : public testing::TestWithParam<Case> {
 protected:
  void put(std::size_t slot, std::size_t image) {
    if (standing_.at(slot) == image) return;
    standing_.at(slot) = image;
    std::ranges::copy(pieces_.bytes.at(image).at(slot), block_of(pieces_.frame, slot).begin());
    pieces_.evidence.slots.at(slot) = pieces_.decoded.at(image).at(slot);
  }
  std::string slots() const {
    std::string out;
    for (const std::size_t image : standing_) out += std::string(images.at(image)) + ' ';
    return out;
  }

  Pieces pieces_ = pieces_of(GetParam().newest);
  std::array<std::size_t, slot_count> standing_{99, 99, 99, 99, 99, 99};
};

TEST_P(RecoveryProduct, AgreesWithTheReference) {
  const std::size_t every =
      GetParam().drawn ? setting("RECOVERY_PRODUCT_EVERY", slow ? 101 : 11) : 1;
  const std::size_t seed = setting("RECOVERY_PRODUCT_SEED", std::random_device{}());
  std::cout << "RECOVERY_PRODUCT_SEED=" << seed << " RECOVERY_PRODUCT_EVERY=" << every << '\n';
  const StoreFacts known = facts(GetParam().facts);
  for (std::size_t number = seed % every; number < combinations; number += every) {
    std::size_t rest = number;
    for (std::size_t slot = slot_count; slot-- > 0;) {
      put(slot, rest % images.size());
      rest /= images.size();
    }
    const auto theirs = answer_in(recovery::read(pieces_.evidence, known).verdict);
    const auto mine = reference::read(pieces_.frame, known);
    if (!same(theirs, mine)) FAIL() << slots() << ": " << told(theirs) << ", not " << told(mine);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, RecoveryProduct, testing::ValuesIn(cases));

}  // namespace
}  // namespace storemark
