// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/bundle.hpp"

#include <gtest/gtest.h>

#include <string>

namespace storemark::corosync_group {
namespace {

Bytes bundle_of(const std::vector<Bytes>& messages) {
  Bytes out;
  for (const Bytes& message : messages) bundle(out, message);
  return out;
}

TEST(Bundle, ItsMessagesComeBack) {
  const std::vector<std::vector<Bytes>> all{
      {{1, 2, 3}, {4}}, {{}, {}}, {{}, {1}, {}}, std::vector<Bytes>(64, Bytes(252, 7))};
  for (const auto& messages : all) {
    const Bytes body = bundle_of(messages);
    const auto back = unbundle(body);
    ASSERT_TRUE(back);
    ASSERT_EQ(back->size(), messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
      EXPECT_EQ(Bytes((*back)[i].begin(), (*back)[i].end()), messages[i]);
    }
  }
}

TEST(Bundle, OneThatIsTooLargeIsNone) {
  const auto of = [](std::size_t more) {
    return bundle_of({Bytes(max_bundle_bytes / 2 - 4), Bytes(max_bundle_bytes / 2 - 4 + more)});
  };
  EXPECT_EQ(of(0).size(), max_bundle_bytes);
  EXPECT_TRUE(unbundle(of(0)));
  EXPECT_FALSE(unbundle(of(1)));
}

TEST(Bundle, LessThanTwoAreNone) {
  EXPECT_FALSE(unbundle({}));
  EXPECT_FALSE(unbundle(bundle_of({{1, 2, 3}})));
}

TEST(Bundle, EveryOtherLengthMakesNoSense) {
  const Bytes whole = bundle_of({{1, 2, 3}, {4, 5}, {6}});
  const std::vector<std::size_t> ends{7, 13, 18};  // behind each message
  ASSERT_EQ(whole.size(), ends.back());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const bool has_sense = size == ends[1];
    EXPECT_EQ(unbundle(ByteView(whole).first(size)).has_value(), has_sense) << size;
  }
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_FALSE(unbundle(longer));
}

TEST(Bundle, ALengthBeyondItsEndMakesNoSense) {
  for (const std::size_t at : {std::size_t{0}, std::size_t{7}}) {
    for (const int high : {0x01, 0x80, 0xFF}) {
      Bytes body = bundle_of({{1, 2, 3}, {4, 5}});
      body[at + 3] = static_cast<std::uint8_t>(high);
      EXPECT_FALSE(unbundle(body)) << at << " " << high;
    }
  }
}

}  // namespace
}  // namespace storemark::corosync_group
