// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <storemark/ids.hpp>

namespace storemark {
namespace {

TEST(Uuid, IsSpeltAsItsBytesStand) {
  const auto uuid = parse_uuid("00112233-4455-6677-8899-aAbBcCdDeEfF");
  ASSERT_TRUE(uuid);
  for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(uuid->bytes.at(i), 0x11 * i);
  EXPECT_EQ(to_string(*uuid), "00112233-4455-6677-8899-aabbccddeeff");
}

TEST(Uuid, NilIsAllZero) {
  EXPECT_TRUE(Uuid{}.is_nil());
  EXPECT_TRUE(parse_uuid("00000000-0000-0000-0000-000000000000")->is_nil());
  EXPECT_FALSE(parse_uuid("00000000-0000-0000-0000-000000000001")->is_nil());
}

TEST(Uuid, OtherSpellingsAreRefused) {
  const char* const wrong[] = {
      "",
      "0",
      "00112233445566778899aabbccddeeff",
      "{00112233-4455-6677-8899-aabbccddeeff}",
      "00112233-4455-6677-8899-aabbccddeeff ",
      " 0112233-4455-6677-8899-aabbccddeeff",
      "00112233-4455-6677-8899-aabbccddeef",
      "00112233-4455-6677-8899-aabbccddeeff0",
      "0011223-34455-6677-8899-aabbccddeeff",
      "00112233_4455-6677-8899-aabbccddeeff",
      "0011223g-4455-6677-8899-aabbccddeeff",
      "00112233-4455-6677-8899-aabbccddee\xC3\xA9",
      "urn:uuid:00112233-4455-6677-8899-aabbccddeeff",
  };
  for (const char* text : wrong) {
    const auto uuid = parse_uuid(text);
    ASSERT_FALSE(uuid) << text;
    EXPECT_EQ(uuid.error().code, Errc::invalid_argument);
  }
  EXPECT_LE(parse_uuid(std::string(100000, '0')).error().where.size(), 72U);
}

RC_GTEST_PROP(Uuid, SpellingComesBack, (std::array<std::uint8_t, 16> bytes)) {
  Uuid uuid;
  uuid.bytes = bytes;
  const std::string text = to_string(uuid);
  RC_ASSERT(text.size() == 36U);
  RC_ASSERT(parse_uuid(text).value() == uuid);
}

TEST(Uuid, FreshOnesAreRandomVersionFour) {
  std::set<Uuid> seen;
  for (int i = 0; i < 1000; ++i) {
    const Uuid uuid = new_uuid();
    EXPECT_EQ(uuid.bytes[6] >> 4, 4);
    EXPECT_EQ(uuid.bytes[8] >> 6, 2);
    EXPECT_TRUE(seen.insert(uuid).second);
  }
}

TEST(Uuid, AForkedChildDrawsItsOwn) {
  static_cast<void>(new_uuid());
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const Uuid uuid = new_uuid();
    const auto wrote = ::write(ends[1], uuid.bytes.data(), uuid.bytes.size());
    ::_exit(wrote == 16 ? 0 : 1);
  }
  const Uuid mine = new_uuid();
  Uuid theirs;
  EXPECT_EQ(::read(ends[0], theirs.bytes.data(), theirs.bytes.size()), 16);
  EXPECT_NE(mine, theirs);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace storemark
