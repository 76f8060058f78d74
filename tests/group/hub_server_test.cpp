// SPDX-License-Identifier: Apache-2.0
// Strangers at the hub's socket: each is dropped and told why, and the group goes on.
#include "group/local/hub_server.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>
#include <thread>

#include "group/nodes.hpp"

namespace storemark::local_group {
namespace {

class StrangerTest : public GroupTest {
 protected:
  void SetUp() override {
    a_ = join();
    b_ = join();
    ASSERT_TRUE(a_->until_nodes(2));
    place_ = must(Place::open(place()));
  }

  /// A connection that waits when it reads and writes.
  [[nodiscard]] OwnDescriptor stranger() const {
    OwnDescriptor out = std::move(place_->connect().value());
    const timeval a_minute{60, 0};
    ::setsockopt(out.get(), SOL_SOCKET, SO_RCVTIMEO, &a_minute, sizeof a_minute);
    ::setsockopt(out.get(), SOL_SOCKET, SO_SNDTIMEO, &a_minute, sizeof a_minute);
    const int flags = ::fcntl(out.get(), F_GETFL);
    ::fcntl(out.get(), F_SETFL, flags & ~O_NONBLOCK);
    return out;
  }
  static bool say(const OwnDescriptor& to, ByteView bytes) {
    return ::send(to.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  /// What it was refused with; "" where the connection ended without a word, or did not end.
  static std::string refusal(const OwnDescriptor& from) {
    FrameReader reader;
    for (;;) {
      const auto room = reader.room(1000);
      const ssize_t size = ::recv(from.get(), room.data(), room.size(), 0);
      if (size <= 0) return {};
      reader.came(static_cast<std::size_t>(size));
      Frame frame;
      while (reader.next(frame) == FrameReader::Next::frame) {
        if (const auto said = decode_refused(frame.body)) return said->reason;
      }
    }
  }
  /// The two are there, alone, and hear each other.
  void expect_unharmed() const {
    a_->send("from a");
    b_->send("from b");
    EXPECT_TRUE(a_->until_messages(2));
    EXPECT_TRUE(b_->until_messages(2));
    EXPECT_EQ(a_->seen.views.back().nodes.size(), 2U);
  }
  [[nodiscard]] static Hello fresh() {
    Hello out;
    out.node = 77;
    return out;
  }

  std::unique_ptr<Node> a_;
  std::unique_ptr<Node> b_;
  std::unique_ptr<Place> place_;
};

TEST_F(StrangerTest, OneThatSpeaksNoProtocolOfOurs) {
  const auto socket = stranger();
  EXPECT_TRUE(say(socket, bytes_of("GET / HTTP/1.1\r\n\r\n")));
  EXPECT_EQ(refusal(socket), words_for(FrameFault::not_ours));
  expect_unharmed();
}

TEST_F(StrangerTest, OneOfAnotherVersion) {
  const auto socket = stranger();
  Bytes frame = encode_hello(fresh());
  frame[4] = protocol_version + 1;
  EXPECT_TRUE(say(socket, frame));
  EXPECT_EQ(refusal(socket), words_for(FrameFault::version));
  expect_unharmed();
}

TEST_F(StrangerTest, OneThatAnnouncesAGigabyte) {
  const auto socket = stranger();
  Bytes frame = encode_hello(fresh());
  frame[11] = 0x40;
  EXPECT_TRUE(say(socket, frame));
  EXPECT_EQ(refusal(socket), words_for(FrameFault::length));
  expect_unharmed();
}

TEST_F(StrangerTest, OneWhoseFrameIsDamaged) {
  const auto socket = stranger();
  Bytes frame = encode_hello(fresh());
  frame.back() ^= 1;
  EXPECT_TRUE(say(socket, frame));
  EXPECT_EQ(refusal(socket), words_for(FrameFault::damaged));
  expect_unharmed();
}

TEST_F(StrangerTest, OneThatSendsBeforeItIsIn) {
  for (const Bytes& frame :
       {encode_data(1, bytes_of("x")), encode_leave(), encode_commit({}),
        encode_held(0, message_item(1, 1, {1, bytes_of("x")})), make_frame(FrameType(99), {})}) {
    const auto socket = stranger();
    EXPECT_TRUE(say(socket, frame));
    EXPECT_EQ(refusal(socket), "it said what has no place here");
  }
  expect_unharmed();
}

TEST_F(StrangerTest, OneThatTakesTheNumberOfAnother) {
  const auto socket = stranger();
  Hello hello = fresh();
  hello.node = a_->group->self().value;
  EXPECT_TRUE(say(socket, encode_hello(hello)));
  EXPECT_EQ(refusal(socket), "a node with its number is there already");
  expect_unharmed();
}

TEST_F(StrangerTest, OneThatSaysItWasThereBefore) {
  const auto socket = stranger();
  Hello hello = fresh();
  hello.group = new_uuid();
  hello.term = 1;
  hello.received = {100, 100};
  hello.view_number = 1;
  hello.view = {new_uuid(), {GroupNode{77}}, {"x"}};
  EXPECT_TRUE(say(socket, encode_hello(hello)));
  EXPECT_EQ(refusal(socket), "the group went on without it");
  expect_unharmed();
}

TEST_F(StrangerTest, AMemberThatBreaksOffInAFrameOrTurnsBadGoesAlone) {
  for (const bool breaks_off : {true, false}) {
    const std::size_t before = a_->seen.views.size();
    {
      const auto socket = stranger();
      EXPECT_TRUE(say(socket, encode_hello(fresh())));
      ASSERT_TRUE(a_->until([&] { return a_->seen.views.size() == before + 1; }));
      const Bytes data = encode_data(1, bytes_of("half of this arrives"));
      EXPECT_TRUE(say(socket, breaks_off ? ByteView(data).first(30) : bytes_of("garbage garbage")));
      if (!breaks_off) {
        ASSERT_TRUE(a_->until_nodes(2));
      }
    }
    ASSERT_TRUE(a_->until([&] { return a_->seen.views.size() == before + 2; }));
  }
  expect_unharmed();
}

TEST_F(StrangerTest, OneThatSkipsANumberIsDropped) {
  const auto socket = stranger();
  EXPECT_TRUE(say(socket, encode_hello(fresh())));
  EXPECT_TRUE(say(socket, encode_data(5, bytes_of("five"))));
  EXPECT_TRUE(say(socket, encode_data(7, bytes_of("seven"))));
  EXPECT_EQ(refusal(socket), "it said what has no place here");
}

TEST_F(StrangerTest, HalfAFrameForEverHoldsNobodyUp) {
  const std::size_t before = a_->seen.views.size();
  std::vector<OwnDescriptor> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(stranger());
    // More than it has patience with: the oldest are dropped.
    static_cast<void>(say(slow.back(), ByteView(encode_hello(fresh())).first(25)));
  }
  auto c = join();
  ASSERT_TRUE(c->until_nodes(3));
  c.reset();
  ASSERT_TRUE(a_->until([&] { return a_->seen.views.size() == before + 2; }));
  EXPECT_EQ(refusal(slow.front()), "it did not say who it is, and others wait");
  expect_unharmed();
}

TEST_F(StrangerTest, AFloodOfRandomBytes) {
  std::minstd_rand engine(1);
  for (int i = 0; i < 50; ++i) {
    const auto socket = stranger();
    Bytes bytes(100'000);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(engine() >> 8);
    static_cast<void>(say(socket, bytes));
  }
  expect_unharmed();
}

TEST_F(StrangerTest, AMemberThatNeverReadsHoldsTheGroupBackUntilItGoes) {
  a_->send("x");
  ASSERT_TRUE(b_->until_messages(1));
  auto socket = stranger();
  EXPECT_TRUE(say(socket, encode_hello(fresh())));
  ASSERT_TRUE(a_->until_nodes(3));
  const std::string text(50'000, 'x');
  std::size_t sent = 1;
  while (must(a_->group->multicast(bytes_of(text)))) ++sent;
  EXPECT_LT(sent, 600U);
  socket = OwnDescriptor();
  std::thread taker([&] { EXPECT_TRUE(b_->until_messages(sent)); });
  EXPECT_TRUE(a_->until_messages(sent));
  taker.join();
  EXPECT_TRUE(a_->until_nodes(2));
}

}  // namespace
}  // namespace storemark::local_group
