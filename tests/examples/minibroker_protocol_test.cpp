// SPDX-License-Identifier: Apache-2.0
// What a client's line asks for, and the bytes that members send each other.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "event.hpp"
#include "protocol.hpp"

namespace minibroker {
namespace {

std::string why_bad(std::string_view line) {
  const Command command = parse(line);
  const auto* bad = std::get_if<BadCommand>(&command);
  return bad == nullptr ? "" : bad->why;
}

TEST(MinibrokerProtocolTest, UnderstandsEveryCommand) {
  const auto publish = std::get<PublishCommand>(parse("PUB orders.eu-1_x two  words "));
  EXPECT_EQ(publish.queue, "orders.eu-1_x");
  EXPECT_EQ(publish.text, "two  words ");
  EXPECT_EQ(std::get<PublishCommand>(parse("PUB q ")).text, "");
  EXPECT_EQ(std::get<ConsumeCommand>(parse("CONSUME q")).count, 1U);
  EXPECT_EQ(std::get<ConsumeCommand>(parse("CONSUME q 1000")).count, 1000U);
  EXPECT_EQ(std::get<AcknowledgeCommand>(parse("ACK 18446744073709551615")).id, ~std::uint64_t{0});
  EXPECT_TRUE(std::holds_alternative<StatusCommand>(parse("STATUS")));
  EXPECT_TRUE(std::holds_alternative<ShutdownCommand>(parse("SHUTDOWN")));
  EXPECT_TRUE(std::holds_alternative<HelpCommand>(parse("HELP")));
  const std::string ticket = "6f1d9a1e-3c0b-4d7e-9a55-0c2f4b8e7d11";
  EXPECT_EQ(to_string(std::get<UpdateCommand>(parse("UPDATE " + ticket)).ticket), ticket);
}

TEST(MinibrokerProtocolTest, SaysInOneLineWhatIsWrong) {
  const std::string long_name(max_queue_bytes + 1, 'q');
  for (const std::string line : {"",
                                 " ",
                                 "pub q x",
                                 "PUBLISH q x",
                                 "PUB",
                                 "PUB ",
                                 "PUB q",
                                 "PUB  x",
                                 "PUB a/b x",
                                 "PUB \xc3\xa9 x",
                                 "CONSUME",
                                 "CONSUME q 0",
                                 "CONSUME q 1001",
                                 "CONSUME q -1",
                                 "CONSUME q 1 ",
                                 "CONSUME q 99999999999999999999",
                                 "ACK",
                                 "ACK 0",
                                 "ACK x",
                                 "ACK 1 2",
                                 "ACK +1",
                                 "ACK 18446744073709551616",
                                 "STATUS now",
                                 "SHUTDOWN ",
                                 "HELP me",
                                 "UPDATE",
                                 "UPDATE 1",
                                 "QUIT"}) {
    const std::string why = why_bad(line);
    EXPECT_FALSE(why.empty()) << '"' << line << '"';
    EXPECT_EQ(why.find('\n'), std::string::npos);
  }
  EXPECT_NE(why_bad("PUB " + long_name + " x"), "");
  EXPECT_EQ(why_bad("PUB " + long_name.substr(1) + " x"), "");
  EXPECT_NE(why_bad("PUB q " + std::string(max_line_bytes, 'x')), "");
  EXPECT_EQ(why_bad("PUB q " + std::string(max_line_bytes - 6, 'x')), "");
}

TEST(MinibrokerProtocolTest, HelpNamesEveryCommand) {
  for (const char* word : {"PUB ", "CONSUME ", "ACK ", "STATUS ", "SHUTDOWN ", "HELP "}) {
    EXPECT_NE(help().find(std::string("INFO ") + word), std::string_view::npos) << word;
  }
}

TEST(MinibrokerEventTest, DecodesWhatItEncodes) {
  const auto publish = encode({Event::Kind::publish, "queue", std::string_view("a\0b\n", 4), 0});
  const auto read = decode(publish);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, Event::Kind::publish);
  EXPECT_EQ(read->queue, "queue");
  EXPECT_EQ(read->text, std::string_view("a\0b\n", 4));
  const auto acknowledge = encode({Event::Kind::acknowledge, "", "", 0x0102030405060708});
  ASSERT_TRUE(decode(acknowledge));
  EXPECT_EQ(decode(acknowledge)->id, 0x0102030405060708U);
  EXPECT_EQ(acknowledge, (std::vector<std::uint8_t>{'A', 8, 7, 6, 5, 4, 3, 2, 1}));
}

TEST(MinibrokerEventTest, RefusesWhatNoMemberSends) {
  const auto refused = [](const std::string& bytes) {
    return !decode({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  };
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused("P"));
  EXPECT_TRUE(refused(std::string("P\0", 2)));
  EXPECT_TRUE(refused(std::string("P\0text", 6)));
  EXPECT_TRUE(refused("P\x05qqqq"));
  EXPECT_TRUE(refused("P\x01/text"));
  EXPECT_TRUE(refused("P\xff" + std::string(255, 'q')));
  EXPECT_TRUE(refused("A1234567"));
  EXPECT_TRUE(refused("A123456789"));
  EXPECT_TRUE(refused("X\x01q"));
}

TEST(MinibrokerEventTest, AnyBytesAreAnEventOrNone) {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int round = 0; round < 20'000; ++round) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(byte(random) % 20));
    for (auto& one : bytes) one = static_cast<std::uint8_t>(byte(random));
    if (!bytes.empty() && round % 2 == 0) bytes[0] = 'P';
    if (const auto event = decode(bytes)) {
      EXPECT_EQ(encode(*event), bytes);
    }
  }
}

}  // namespace
}  // namespace minibroker
