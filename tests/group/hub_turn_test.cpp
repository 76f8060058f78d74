// SPDX-License-Identifier: Apache-2.0
// One turn of the hub, with members that read while it writes: what the last of its writes brought
// to all is told in that turn, for nothing would bring the hub back to it.
#include <poll.h>
#include <sys/socket.h>

#include "group/local/hub_server.hpp"
#include "group/nodes.hpp"

namespace storemark::local_group {
namespace {

/// Calls the test in the middle of a turn: after a write, before what that brought is told.
class Between : public Ledger {
 public:
  [[nodiscard]] bool keep(const Mark& /*mark*/) override {
    if (then) then();
    return true;
  }
  [[nodiscard]] bool lives(std::uint64_t /*node*/) override { return false; }
  std::function<void()> then;
};

/// A member at the other end of a socket, read when the test says so.
struct Other {
  explicit Other(Place& place) : socket(std::move(place.connect().value())) {}
  /// How many of the bytes went.
  std::size_t say(ByteView bytes) const {
    const ssize_t size = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return size < 0 ? 0 : static_cast<std::size_t>(size);
  }
  void read() {
    for (;;) {
      const auto room = frames.room(100'000);
      const ssize_t size = ::recv(socket.get(), room.data(), room.size(), MSG_DONTWAIT);
      if (size <= 0) return;
      frames.came(static_cast<std::size_t>(size));
      Frame frame;
      while (frames.next(frame) == FrameReader::Next::frame) {
        if (const auto item = decode_item(frame.body); frame.type == FrameType::item && item) {
          received = item->number();
        }
        if (const auto point = decode_commit(frame.body);
            frame.type == FrameType::commit && point) {
          committed = point->number;
        }
      }
    }
  }
  OwnDescriptor socket;
  FrameReader frames;
  std::uint64_t received = 0;
  std::uint64_t committed = 0;
};

class HubTurnTest : public GroupTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(place_->lead().value());
    hub_.emplace(between_, std::move(place_->listen().value()), 1, Mark{new_uuid(), 1, 0, 0}, true,
                 nullptr);
  }
  /// False: there was nothing to do.
  bool turn() {
    std::vector<pollfd> ready;
    hub_->wait_for(ready);
    if (::poll(ready.data(), ready.size(), 0) <= 0) return false;
    hub_->serve(ready);
    return true;
  }
  void turn_until_quiet() {
    while (turn()) continue;
  }
  static Bytes hello(std::uint64_t node) {
    Hello out;
    out.node = node;
    return encode_hello(out);
  }
  /// What a socket takes that nobody reads.
  static std::size_t capacity() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return 0;
    const OwnDescriptor writes(ends[0]);
    const OwnDescriptor reads(ends[1]);
    const Bytes bytes(std::size_t{8} << 20);
    const ssize_t size = ::send(writes.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    return size < 0 ? 0 : static_cast<std::size_t>(size);
  }

  std::unique_ptr<Place> place_ = must(Place::open(place()));
  Between between_;
  std::optional<HubServer> hub_;
};

TEST_F(HubTurnTest, WhatASecondWriteBringsToAllIsToldInTheSameTurn) {
  // Two writes and not one.
  const std::size_t size = capacity() + capacity() / 2;
  if (size > max_message_bytes) GTEST_SKIP() << "a socket here takes more than a message";
  ASSERT_GT(size, 0U);
  Other one(*place_);
  Other joiner(*place_);
  Other sender(*place_);
  turn_until_quiet();
  one.say(hello(101));
  sender.say(hello(103));
  turn_until_quiet();
  const Bytes data = encode_data(1, Bytes(size, 7));
  const std::size_t last = 100;
  for (std::size_t sent = 0; sent < data.size() - last;) {
    sent += sender.say(ByteView(data).subspan(sent, data.size() - last - sent));
    turn_until_quiet();
  }
  one.read();
  sender.read();
  const std::uint64_t before = one.committed;
  ASSERT_GT(before, 0U);
  ASSERT_EQ(one.received, before);

  // A view and the message behind it: the first write ends in the message, and what it brought to
  // all is the view.
  joiner.say(hello(102));
  ASSERT_EQ(sender.say(ByteView(data).last(last)), last);
  unsigned times = 0;
  between_.then = [&] {
    ++times;
    for (Other* other : {&one, &joiner, &sender}) {
      other->read();
      EXPECT_LE(other->received, before + 1) << "the message is not whole there yet";
    }
  };
  ASSERT_TRUE(turn());
  EXPECT_EQ(times, 1U);
  for (Other* other : {&one, &joiner, &sender}) {
    other->read();
    EXPECT_EQ(other->received, before + 2);
    EXPECT_EQ(other->committed, before + 2) << "all have it, and nobody was told";
  }
  EXPECT_FALSE(turn()) << "nothing would have brought the hub back to it";
}

}  // namespace
}  // namespace storemark::local_group
