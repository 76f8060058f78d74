// SPDX-License-Identifier: Apache-2.0
#include "journal/sections.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "journal/layout.hpp"
#include "journal/samples.hpp"

namespace storemark {
namespace {

using namespace storemark::test;
using codec::pack_sections;
using codec::SectionCounts;
using codec::unpack_sections;

using Area = std::array<std::byte, layout::area.size>;

SectionCounts counts_of(const Record& r) {
  return {r.view.members.size(), r.history.size(), r.compared.size(), r.reason.size(),
          r.payload.size()};
}

/// What the sections alone hold of a record.
Record sections_of(const Record& r) {
  Record out;
  out.view.members = r.view.members;
  out.history = r.history;
  out.compared = r.compared;
  out.reason = r.reason;
  out.payload = r.payload;
  return out;
}

std::size_t packed_size(const Record& r) {
  std::size_t size = layout::history_bytes * r.history.size() + r.reason.size() + r.payload.size();
  for (const Member& m : r.view.members) size += layout::member_bytes + m.label.size();
  for (const Compared& c : r.compared) {
    size += layout::compared_bytes;
    const auto is_member = [&](const Member& m) { return m.id == c.id; };
    const auto is_view = [&](const HistoryEntry& h) { return h.view == c.view; };
    size += std::ranges::none_of(r.view.members, is_member) ? 16U : 0U;
    size += std::ranges::none_of(r.history, is_view) ? 16U : 0U;
  }
  return size;
}

RC_GTEST_PROP(Sections, ComeBackAsTheyWent, ()) {
  const Record record = *any_record();
  Area area;
  area.fill(std::byte{0xEE});
  const auto used = pack_sections(record, area);
  RC_ASSERT(used.has_value() == (packed_size(record) <= area.size()));
  if (!used) return;
  RC_ASSERT(*used == packed_size(record));
  Record back;
  RC_ASSERT(unpack_sections(area, counts_of(record), true, back).empty());
  RC_ASSERT(back == sections_of(record));
}

RC_GTEST_PROP(Sections, TakeAnyBytesAndCounts, ()) {
  Area area{};
  const auto filled = *rc::gen::inRange<std::size_t>(0, area.size() + 1);
  for (std::size_t i = 0; i < filled; ++i)
    area.at(i) = std::byte{*rc::gen::arbitrary<std::uint8_t>()};
  const SectionCounts counts{
      *rc::gen::inRange<std::size_t>(0, 65536), *rc::gen::inRange<std::size_t>(0, 65536),
      *rc::gen::inRange<std::size_t>(0, 65536), *rc::gen::inRange<std::size_t>(0, 65536),
      *rc::gen::inRange<std::size_t>(0, 65536)};
  Record record;
  static_cast<void>(unpack_sections(area, counts, true, record));
  // Memory stays in proportion to the area, whatever the counts say.
  RC_ASSERT(record.view.members.size() <= area.size() / layout::member_bytes + 1);
  RC_ASSERT(record.history.size() <= area.size() / layout::history_bytes + 1);
}

TEST(Sections, EveryPrefixOfAnAreaIsRefused) {
  const Record record = full_record();
  Area area;
  const std::size_t used = pack_sections(record, area).value();
  for (std::size_t size = 0; size < used; ++size) {
    Record back;
    const auto wrong = unpack_sections(std::span(area).first(size), counts_of(record), false, back);
    ASSERT_EQ(wrong, "the sections run over the end of the area") << size;
  }
  Record back;
  EXPECT_EQ(unpack_sections(std::span(area).first(used), counts_of(record), true, back), "");
}

TEST(Sections, AComparedStoreIsShortWhereTheRecordKnowsIt) {
  Record record = plain_record();
  Area area;
  const std::size_t without = pack_sections(record, area).value();
  record.compared = {{record.view.members[1].id, record.history[0].view, 9}};
  EXPECT_EQ(pack_sections(record, area).value(), without + 10);
  record.compared = {{id<MemberId>(900), record.history[0].view, 9}};
  EXPECT_EQ(pack_sections(record, area).value(), without + 26);
  record.compared = {{id<MemberId>(900), id<ViewId>(901), 9}};
  EXPECT_EQ(pack_sections(record, area).value(), without + 42);
}

TEST(Sections, WhatIsPromisedToFitFits) {
  Record record = plain_record();
  record.view.members.clear();
  for (std::uint64_t i = 0; i < max_members; ++i) {
    record.view.members.push_back({id<MemberId>(i), std::string(max_label_bytes, 'm'), i});
  }
  record.history.assign(16, {id<ViewId>(1), 2, 3});
  record.reason.assign(max_reason_bytes, 'r');
  record.payload.assign(max_payload_bytes, 1);
  Area area;
  EXPECT_TRUE(pack_sections(record, area)) << "the largest view, with sixteen views of history";
  record.history.resize(4);
  for (std::uint64_t i = 0; i < max_compared; ++i) {
    record.compared.push_back({record.view.members.at(i).id, record.history[i % 4].view, i});
  }
  EXPECT_TRUE(pack_sections(record, area)) << "a mark compared with every other member";
}

TEST(Sections, TheFirstOfTwoEqualIdsIsNamed) {
  Record record = plain_record();
  record.view.members.push_back(record.view.members[0]);
  record.compared = {{record.view.members[0].id, record.history[0].view, 1}};
  Area area;
  ASSERT_TRUE(pack_sections(record, area));
  Record back;
  EXPECT_EQ(unpack_sections(area, counts_of(record), true, back), "");
  EXPECT_EQ(back, sections_of(record));
}

}  // namespace
}  // namespace storemark
