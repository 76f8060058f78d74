// SPDX-License-Identifier: Apache-2.0
#include "group/local/frame.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

namespace storemark::local_group {
namespace {

Bytes some(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i * 7);
  return out;
}

void feed(FrameReader& reader, ByteView bytes) {
  std::ranges::copy(bytes, reader.room(bytes.size()).begin());
  reader.came(bytes.size());
}

TEST(FrameTest, ComesOutAsItWentInHoweverItIsCut) {
  const Bytes first = make_frame(FrameType::data, some(10), some(300));
  const Bytes second = make_frame(FrameType::leave, {});
  Bytes stream = first;
  stream.insert(stream.end(), second.begin(), second.end());
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    FrameReader reader;
    std::vector<std::pair<FrameType, std::size_t>> came;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      feed(reader, ByteView(stream).subspan(at, std::min(piece, stream.size() - at)));
      Frame frame;
      while (reader.next(frame) == FrameReader::Next::frame) {
        came.emplace_back(frame.type, frame.body.size());
      }
    }
    ASSERT_EQ(came, (std::vector<std::pair<FrameType, std::size_t>>{{FrameType::data, 310},
                                                                    {FrameType::leave, 0}}));
    EXPECT_EQ(reader.held(), 0U);
  }
}

TEST(FrameTest, AnyBitThatFlipsIsNoticed) {
  const Bytes whole = make_frame(FrameType::data, some(40));
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    Bytes frame = whole;
    frame[bit / 8] = static_cast<std::uint8_t>(frame[bit / 8] ^ (1U << (bit % 8)));
    FrameReader reader;
    feed(reader, frame);
    Frame out;
    // A longer length waits for what never comes; nothing is taken for a frame.
    EXPECT_NE(reader.next(out), FrameReader::Next::frame) << "bit " << bit;
  }
}

TEST(FrameTest, AStrangerIsKnownByItsFirstBytes) {
  for (const auto& [text, fault] :
       {std::pair<std::string, FrameFault>{"GET ", FrameFault::not_ours},
        {std::string("SMLG\x02"), FrameFault::version},
        {std::string("SMLG\x01\x02\0\0\0\0\0\x40\0\0\0\0\0\0\0\0", 20), FrameFault::length},
        {std::string("SMLG\x01\x02\0\x01\0\0\0\0\0\0\0\0\0\0\0\0", 20), FrameFault::damaged},
        {std::string("SMLG\x01\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20), FrameFault::damaged}}) {
    FrameReader reader;
    feed(reader, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    Frame frame;
    EXPECT_EQ(reader.next(frame), FrameReader::Next::fault);
    EXPECT_EQ(reader.fault(), fault);
    EXPECT_EQ(reader.next(frame), FrameReader::Next::fault) << "for good";
    EXPECT_NE(words_for(fault), words_for(FrameFault::none));
  }
}

TEST(FrameTest, WhatIsPromisedTakesNoMemory) {
  Bytes frame = make_frame(FrameType::data, some(max_body_bytes));
  frame.resize(100);
  FrameReader reader;
  feed(reader, frame);
  Frame out;
  EXPECT_EQ(reader.next(out), FrameReader::Next::more);
  EXPECT_LT(reader.room(1).size(), 1000U);
}

}  // namespace
}  // namespace storemark::local_group
