// SPDX-License-Identifier: Apache-2.0
#include "group/corosync/hello_codec.hpp"

#include <gtest/gtest.h>

namespace storemark::corosync_group {
namespace {

Hello full() {
  return {max_identity,
          7,
          {3, 0x1122334455667788},
          Quorum::yes,
          "broker ü",
          {{1, 2}, {3, 4}},
          {{5, 6}, {7, 8}, {9, 10}}};
}

ByteView body_of(const Bytes& bytes) {
  const auto opened = open_envelope(bytes);
  const auto* out = std::get_if<Opened>(&opened);
  return out == nullptr ? ByteView() : out->body;
}

TEST(HelloCodec, GivesBackWhatItWasGiven) {
  EXPECT_EQ(decode_hello(body_of(encode(full()))), full());
  const Hello least{1, 1, {}, Quorum::unknown, "", {}, {}};
  EXPECT_EQ(decode_hello(body_of(encode(least))), least);
  const Agree agree{{{{1, 2}, 3}, {{4, 5}, 6}}};
  EXPECT_EQ(decode_agree(body_of(encode(agree))), agree);
  EXPECT_EQ(decode_agree(body_of(encode(Agree{}))), Agree{});
  const Exclude exclude{{8, 9}, {1, 2}, 10, MessageType::agree};
  EXPECT_EQ(decode_exclude(body_of(encode(exclude))), exclude);
}

TEST(HelloCodec, RefusesEveryOtherLength) {
  const Bytes bytes = encode(full());
  const ByteView body = body_of(bytes);
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(decode_hello(body.first(size))) << size;
  }
  Bytes longer(body.begin(), body.end());
  longer.push_back(0);
  EXPECT_FALSE(decode_hello(longer));
  const Bytes exclude = encode(Exclude{{8, 9}, {1, 2}, 10, MessageType::hello});
  EXPECT_FALSE(decode_exclude(body_of(exclude).first(28)));
  const Bytes agree = encode(Agree{{{{1, 2}, 3}}});
  EXPECT_FALSE(decode_agree(body_of(agree).first(17)));
}

TEST(HelloCodec, RefusesWhatIsOutOfBounds) {
  const auto refuses = [](auto change) {
    Hello hello = full();
    change(hello);
    const Bytes bytes = encode(hello);
    return !decode_hello(body_of(bytes));
  };
  EXPECT_TRUE(refuses([](Hello& h) { h.identity = 0; }));
  EXPECT_TRUE(refuses([](Hello& h) { h.identity = max_identity + 1; }));
  EXPECT_TRUE(refuses([](Hello& h) { h.counter = 0; }));
  EXPECT_TRUE(refuses([](Hello& h) { h.quorum = static_cast<Quorum>(3); }));
  EXPECT_TRUE(refuses([](Hello& h) { h.name.assign(max_name_bytes + 1, 'n'); }));
  EXPECT_TRUE(refuses([](Hello& h) { h.name = "\xFF"; }));
  EXPECT_TRUE(refuses([](Hello& h) { h.excluded.resize(max_excluded + 1); }));
  EXPECT_TRUE(refuses([](Hello& h) { h.stretches.resize(max_stretches + 1); }));
  EXPECT_FALSE(refuses([](Hello& h) { h.stretches.resize(max_stretches); }));
  for (const auto missing : {MessageType::data, MessageType::exclude, MessageType::renew}) {
    EXPECT_FALSE(decode_exclude(body_of(encode(Exclude{{1, 2}, {3, 4}, 5, missing}))));
  }
  Agree agree;
  agree.hellos.resize(max_agreed);
  EXPECT_TRUE(decode_agree(body_of(encode(agree))));
  agree.hellos.resize(max_agreed + 1);
  EXPECT_FALSE(decode_agree(body_of(encode(agree))));
}

}  // namespace
}  // namespace storemark::corosync_group
