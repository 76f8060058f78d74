// SPDX-License-Identifier: Apache-2.0
// What a service manager hears of a minibroker.
#include "notify.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstdlib>
#include <string>

#include "sockets.hpp"

namespace minibroker {
namespace {

class NotifyTest : public testing::Test {
 protected:
  NotifyTest() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    // No name: the kernel gives an abstract one.
    EXPECT_EQ(::bind(manager_.get(), reinterpret_cast<const sockaddr*>(&address),
                     sizeof address.sun_family),
              0);
    socklen_t length = sizeof address;
    EXPECT_EQ(::getsockname(manager_.get(), reinterpret_cast<sockaddr*>(&address), &length), 0);
    const std::string name(address.sun_path + 1, length - offsetof(sockaddr_un, sun_path) - 1);
    ::setenv("NOTIFY_SOCKET", ("@" + name).c_str(), 1);
  }
  ~NotifyTest() override { ::unsetenv("NOTIFY_SOCKET"); }
  NotifyTest(const NotifyTest&) = delete;
  NotifyTest& operator=(const NotifyTest&) = delete;

  /// The oldest word that was not heard yet; empty where there is none.
  std::string heard() {
    std::array<char, 4096> words{};
    const auto size = ::recv(manager_.get(), words.data(), words.size(), MSG_DONTWAIT);
    return size < 0 ? std::string() : std::string(words.data(), static_cast<std::size_t>(size));
  }

 private:
  Descriptor manager_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

TEST_F(NotifyTest, OneThatWaitsAsksForTime) {
  storemark::Status status;
  status.text = "waiting for 1 of 3: c, last seen at 1051";
  notify(status);
  EXPECT_EQ(heard(),
            "STATUS=waiting for 1 of 3: c, last seen at 1051\nEXTEND_TIMEOUT_USEC=10000000");
}

TEST_F(NotifyTest, OneThatIsReadySaysSo) {
  storemark::Status status;
  status.text = "active, with 3 members";
  status.ready = true;
  notify(status);
  EXPECT_EQ(heard(), "STATUS=active, with 3 members\nREADY=1");
}

TEST_F(NotifyTest, OneThatGoesHasTimeToSync) {
  notify_stopping();
  EXPECT_EQ(heard(), "STOPPING=1\nEXTEND_TIMEOUT_USEC=60000000");
}

TEST_F(NotifyTest, WithoutAManagerNobodyIsTold) {
  ::unsetenv("NOTIFY_SOCKET");
  notify_stopping();
  ::setenv("NOTIFY_SOCKET", std::string(200, 'x').c_str(), 1);
  notify_stopping();
  EXPECT_EQ(heard(), "");
}

}  // namespace
}  // namespace minibroker
