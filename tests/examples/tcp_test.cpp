// SPDX-License-Identifier: Apache-2.0
// Calls between hosts.
#include "tcp.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "store_directory.hpp"

namespace minibroker {
namespace {

std::string address_of(const Descriptor& listener) {
  sockaddr_in here{};
  socklen_t size = sizeof here;
  EXPECT_EQ(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&here), &size), 0);
  return "127.0.0.1:" + std::to_string(ntohs(here.sin_port));
}

void patient(std::chrono::milliseconds waited) {
  if (waited > std::chrono::seconds(60)) throw std::runtime_error("nobody answers");
}

TEST(TcpTest, WhatIsCalledIsHeard) {
  const Descriptor listener = listen_at("127.0.0.1:0");
  Stream caller(call_to(address_of(listener), patient));
  Stream called(Descriptor(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)));
  EXPECT_TRUE(caller.write("hello\n"));
  EXPECT_EQ(called.line(), "hello");
  EXPECT_TRUE(called.write("and you\n"));
  EXPECT_EQ(caller.line(), "and you");
}

TEST(TcpTest, AnAddressThatIsInUseIsRefused) {
  const Descriptor listener = listen_at("127.0.0.1:0");
  EXPECT_THROW(static_cast<void>(listen_at(address_of(listener))), std::system_error);
}

TEST(TcpTest, WhereNobodyListensTheCallFails) {
  std::string address;
  {
    const Descriptor listener = listen_at("127.0.0.1:0");
    address = address_of(listener);
  }
  EXPECT_THROW(static_cast<void>(call_to(address, patient)), std::system_error);
}

TEST(TcpTest, WhatIsNoAddressIsNamed) {
  for (const std::string address : {"", "host", ":7100", "127.0.0.1:port", "[]:1"}) {
    EXPECT_THROW(static_cast<void>(listen_at(address)), std::runtime_error) << address;
    EXPECT_THROW(static_cast<void>(call_to(address, patient)), std::runtime_error) << address;
  }
}

TEST(TcpTest, ACallThatNobodyAnswersIsGivenUp) {
  const Descriptor listener = listen_at("127.0.0.1:0");
  ASSERT_EQ(::listen(listener.get(), 0), 0);  // one or two wait to be accepted; more are not heard
  std::vector<Descriptor> waiting;
  const auto impatient = [](auto) { throw std::runtime_error("given up"); };
  try {
    for (int i = 0; i < 16; ++i) waiting.push_back(call_to(address_of(listener), impatient));
    FAIL() << "all were heard";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "given up");
  }
}

class TcpPathTest : public StoreDirectory {};

TEST_F(TcpPathTest, APathIsCalledToo) {
  const Listener listener(directory_ / "socket");
  const Stream caller(call_to((directory_ / "socket").string(), patient));
  EXPECT_GE(Descriptor(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)).get(), 0);
}

}  // namespace
}  // namespace minibroker
