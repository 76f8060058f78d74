// SPDX-License-Identifier: Apache-2.0
// What the driver asks of the broker, without a driver; and the lines that are events.
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "broker.hpp"
#include "change.hpp"
#include "store_directory.hpp"

namespace minibroker {
namespace {

using storemark::StoreContent;

const storemark::UpdateTicket ticket{
    storemark::parse_uuid("6f1d9a1e-3c0b-4d7e-9a55-0c2f4b8e7d11").value(), {}, "joiner", ""};

struct Progress final : storemark::UpdateProgress {
  void report(std::uint64_t /*done*/, std::uint64_t /*total*/) override {}
  [[nodiscard]] bool cancelled() const override { return over; }
  bool over = false;
};

class MinibrokerBrokerTest : public StoreDirectory {
 protected:
  storemark::Result<void> apply(std::uint64_t n, const std::string& event) {
    return broker_.apply(n, {reinterpret_cast<const std::uint8_t*>(event.data()), event.size()});
  }
  void fill(std::uint64_t messages) {
    ASSERT_TRUE(broker_.look());
    ASSERT_TRUE(broker_.activated(0));
    for (std::uint64_t n = 1; n <= messages; ++n) {
      ASSERT_TRUE(apply(n, "PUB q " + std::string(4000, 'x')));
    }
    ASSERT_TRUE(broker_.sync());
  }

  std::string said_;  // by the thread that gives, which is joined before it is read
  Answers answers_;
  MiniBroker broker_{directory_, Access::durable, answers_,
                     [this](const std::string& text) { said_ += text + "\n"; }};
};

TEST_F(MinibrokerBrokerTest, NoStoreIsAnEmptyOneAndNothingIsMade) {
  const auto facts = broker_.look();
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->content, StoreContent::holds_nothing);
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
  EXPECT_EQ(broker_.store(), nullptr);
}

TEST_F(MinibrokerBrokerTest, SaysExactlyWhatItHolds) {
  fill(3);
  MiniBroker again(directory_ / "none", Access::durable, answers_, [](const std::string&) {});
  const auto tag = broker_.tag();
  ASSERT_TRUE(tag);
  EXPECT_LE(tag->bytes.size(), storemark::max_tag_bytes);
  EXPECT_NE(tag, again.tag());
  EXPECT_TRUE(apply(4, "ACK 1"));
  EXPECT_EQ(broker_.tag(), tag) << "not committed";
  EXPECT_TRUE(broker_.sync());
  EXPECT_NE(broker_.tag(), tag);
  EXPECT_EQ(broker_.store()->head().messages, 2U);
}

TEST_F(MinibrokerBrokerTest, AnEventThatItDoesNotKnowEndsIt) {
  fill(1);
  for (const std::string event : {"", "PUB", "PUB q", "PUB a/b x", "ACK 0", "STATUS", "X 1"}) {
    EXPECT_FALSE(apply(2, event)) << event;
  }
  EXPECT_FALSE(apply(3, "PUB q a gap"));
}

TEST_F(MinibrokerBrokerTest, ARestoreEndsWhenTheMemberIsAskedToLeave) {
  fill(10);
  Progress progress;
  EXPECT_TRUE(broker_.restore(progress));
  progress.over = true;
  const auto restored = broker_.restore(progress);
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().why, "it is not wanted any more");
}

TEST_F(MinibrokerBrokerTest, KeepsTheOldStoreAndNotAnEmptyOne) {
  ASSERT_TRUE(broker_.activated(0));
  ASSERT_TRUE(broker_.discard());
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
  fill(1);
  const auto reading = broker_.store();
  ASSERT_TRUE(broker_.discard());
  EXPECT_EQ(reading->head().messages, 1U) << "who reads it is let finish";
  EXPECT_EQ(said_, "the old store is kept in backup.0001\n");
  EXPECT_TRUE(std::filesystem::exists(directory_ / "backup.0001" / QueueStore::data_file));
}

TEST_F(MinibrokerBrokerTest, ATicketIsGoodForOneCopy) {
  fill(1);
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  Stream theirs{Descriptor(ends[0])};
  Stream ours{Descriptor(ends[1])};
  EXPECT_FALSE(broker_.give(ticket.number, theirs)) << "none was made";
  ASSERT_TRUE(broker_.give_update(ticket));
  EXPECT_TRUE(broker_.give(ticket.number, theirs));
  EXPECT_FALSE(broker_.give(ticket.number, theirs));
  EXPECT_EQ(ours.line().value_or("").substr(0, 5), "COPY ");
  ASSERT_TRUE(broker_.give_update(ticket));
  broker_.end_giving(ticket.number);
  EXPECT_FALSE(broker_.give(ticket.number, theirs));
}

TEST_F(MinibrokerBrokerTest, ATicketTakenBackCutsItsCopy) {
  fill(500);
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  Stream theirs{Descriptor(ends[0])};
  Stream ours{Descriptor(ends[1])};
  ASSERT_TRUE(broker_.give_update(ticket));
  said_.clear();
  std::atomic<bool> over = false;
  std::thread giving([&] {
    EXPECT_TRUE(broker_.give(ticket.number, theirs));
    over = true;
  });
  EXPECT_TRUE(ours.line()) << "it has begun, and is more than a socket holds";
  broker_.end_giving(ticket.number);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!over && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  ours.shut_down(SHUT_RDWR);  // where nothing else has cut it
  giving.join();
  EXPECT_EQ(said_, "an update that was given is cut: nobody wants it any more\n");
}

TEST(MinibrokerChangeTest, UnderstandsEveryChange) {
  const auto publish = parse_change("PUB orders.eu-1_x two  words ");
  ASSERT_TRUE(publish);
  EXPECT_EQ(publish->queue, "orders.eu-1_x");
  EXPECT_EQ(publish->text, "two  words ");
  EXPECT_EQ(parse_change("PUB q ").value().text, "");
  EXPECT_EQ(parse_change("ACK 18446744073709551615").value().id, ~std::uint64_t{0});
}

TEST(MinibrokerChangeTest, SaysInOneLineWhatIsWrong) {
  const std::string long_name(max_queue_bytes + 1, 'q');
  for (const std::string& line : std::vector<std::string>{
           "", " ", "pub q x", "PUBLISH q x", "PUB", "PUB ", "PUB q", "PUB  x", "PUB a/b x",
           "PUB \xc3\xa9 x", "PUB " + long_name + " x", "ACK", "ACK 0", "ACK x", "ACK 1 2",
           "ACK +1", "ACK 18446744073709551616", "QUIT"}) {
    const auto change = parse_change(line);
    ASSERT_FALSE(change) << '"' << line << '"';
    EXPECT_FALSE(change.error().empty());
    EXPECT_EQ(change.error().find('\n'), std::string::npos);
  }
  EXPECT_TRUE(parse_change("PUB " + long_name.substr(1) + " x"));
}

TEST(MinibrokerChangeTest, AnyBytesAreAChangeOrNone) {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int round = 0; round < 20'000; ++round) {
    std::string line = round % 2 == 0 ? "PUB " : "ACK ";
    for (int i = byte(random) % 20; i > 0; --i) line += static_cast<char>(byte(random));
    const auto change = parse_change(line);
    if (change && change->id == 0) {
      EXPECT_EQ(line, "PUB " + std::string(change->queue) + " " + std::string(change->text));
    }
  }
}

}  // namespace
}  // namespace minibroker
