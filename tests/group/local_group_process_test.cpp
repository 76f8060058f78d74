// SPDX-License-Identifier: Apache-2.0
// What needs a process of its own: a stopped node, a fork, another user, signals.
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <stop_token>
#include <thread>

#include "group/local/place.hpp"
#include "group/nodes.hpp"
#include "process/child.hpp"

namespace storemark::local_group {
namespace {

using real::Child;
using real::Reporter;
namespace fs = std::filesystem;

constexpr ::uid_t nobody = 65534;

class LocalGroupProcessTest : public GroupTest {
 protected:
  /// A node that joins, reports its process and waits for its end.
  [[nodiscard]] std::unique_ptr<Child> idle_node() const {
    auto child = std::make_unique<Child>([options = options()](const Reporter& report) {
      const Node node(options);
      report(0, static_cast<std::uint64_t>(::getpid()));
      ::pause();
      return 0;
    });
    return child;
  }
  static pid_t process_of(Child& child) {
    const auto report = child.next();
    return report ? static_cast<pid_t>(report->number) : -1;
  }
  /// Stopped on return.
  [[nodiscard]] static bool stop(pid_t pid) {
    return ::kill(pid, SIGSTOP) == 0 && ::waitpid(pid, nullptr, WUNTRACED) == pid;
  }
  [[nodiscard]] static std::size_t resident_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6));
    }
    return 0;
  }
};

TEST_F(LocalGroupProcessTest, AKilledNodeIsSeenToDie) {
  const auto a = join();
  const auto other = idle_node();
  ASSERT_GT(process_of(*other), 0);
  ASSERT_TRUE(a->until_nodes(2));
  other->kill();
  EXPECT_TRUE(a->until_nodes(1));
}

TEST_F(LocalGroupProcessTest, AStoppedNodeHoldsTheOthersUpInBoundedMemory) {
  const auto a = join();
  const auto other = idle_node();
  const pid_t pid = process_of(*other);
  ASSERT_GT(pid, 0);
  ASSERT_TRUE(a->until_nodes(2));
  ASSERT_TRUE(stop(pid));
  const std::string text(100'000, 'x');
  const std::size_t before = resident_kib();
  std::size_t sent = 0;
  const auto quiet = [&] {
    pollfd one{a->group->descriptor(), POLLIN, 0};
    return ::poll(&one, 1, 300) == 0;
  };
  do {
    while (sent < 10'000 && must(a->group->multicast(bytes_of(text)))) ++sent;
  } while (sent < 10'000 && !quiet() && a->take());
  EXPECT_LT(sent, 1000U) << "nobody holds it back";
  EXPECT_LT(resident_kib() - std::min(before, resident_kib()), 64U * 1024);
  ASSERT_EQ(::kill(pid, SIGCONT), 0);
  other->kill();
  ASSERT_TRUE(a->until_nodes(1));
  EXPECT_TRUE(a->until_messages(sent));
}

TEST_F(LocalGroupProcessTest, AStoppedHubIsWaitedForAndNobodyTakesItsPlace) {
  const auto hub = idle_node();
  const pid_t pid = process_of(*hub);
  ASSERT_GT(pid, 0);
  const auto a = join();
  ASSERT_TRUE(a->until_nodes(2));
  ASSERT_TRUE(stop(pid));
  EXPECT_TRUE(fails(join_local_group(options(), 200), Errc::group_lost));
  a->send("waits");
  ASSERT_EQ(::kill(pid, SIGCONT), 0);
  EXPECT_TRUE(a->until_messages(1));
  EXPECT_TRUE(a->until_nodes(2));
}

TEST_F(LocalGroupProcessTest, AJoinThatWaitsIsStopped) {
  const auto hub = idle_node();
  const pid_t pid = process_of(*hub);
  ASSERT_GT(pid, 0);
  ASSERT_TRUE(stop(pid));
  std::stop_source source;
  auto patient = options();
  patient.stop = source.get_token();
  std::thread asks([&] { source.request_stop(); });
  EXPECT_TRUE(fails(join_local_group(patient, 60'000), Errc::cancelled));
  asks.join();
  ASSERT_EQ(::kill(pid, SIGCONT), 0);
  const auto a = join();
  EXPECT_TRUE(a->until_nodes(2));
}

TEST_F(LocalGroupProcessTest, AfterAForkTheChildIsRefusedAndTheParentGoesOn) {
  const auto a = join();
  const auto b = join();
  Child child([&](const Reporter&) {
    const bool refused = fails(a->group->multicast(bytes_of("x")), Errc::used_after_fork) &&
                         fails(a->group->dispatch(a->seen, 1), Errc::used_after_fork) &&
                         fails(a->group->leave(1), Errc::used_after_fork);
    const_cast<std::unique_ptr<Node>&>(a).reset();
    return refused ? 0 : 1;
  });
  EXPECT_EQ(child.wait().status, 0);
  a->send("on");
  EXPECT_TRUE(b->until_messages(1));
}

TEST_F(LocalGroupProcessTest, AChildThatOutlivesItsParentKeepsNeitherItsPlaceNorItsLead) {
  // The parent leads; its child lives on after it, with copies of all that was open.
  Child parent([options = options()](const Reporter& report) {
    const Node node(options);
    const pid_t child = ::fork();
    if (child == 0) {
      ::pause();
      ::_exit(0);
    }
    report(0, static_cast<std::uint64_t>(child));
    ::pause();
    return 0;
  });
  const pid_t child = process_of(parent);
  ASSERT_GT(child, 0);
  const auto a = join();
  ASSERT_TRUE(a->until_nodes(2));
  parent.kill();
  EXPECT_TRUE(a->until_nodes(1));
  EXPECT_EQ(::kill(child, 0), 0) << "the child lives";
  ::kill(child, SIGKILL);
}

TEST_F(LocalGroupProcessTest, NoSignalLandsOnItsThreadAndNoneIsRaised) {
  Child child([options = options()](const Reporter&) {
    static thread_local bool is_main = false;
    is_main = true;
    static std::atomic<int> on_main{0};
    static std::atomic<int> elsewhere{0};
    struct sigaction action {};
    action.sa_handler = [](int) { ++(is_main ? on_main : elsewhere); };
    ::sigaction(SIGUSR1, &action, nullptr);
    ::sigaction(SIGPIPE, &action, nullptr);
    sigset_t usr1;
    ::sigemptyset(&usr1);
    ::sigaddset(&usr1, SIGUSR1);
    const Node a(options);
    // With the signal blocked here, only another thread could take it.
    ::pthread_sigmask(SIG_BLOCK, &usr1, nullptr);
    ::kill(::getpid(), SIGUSR1);
    for (int i = 0; i < 20; ++i) static_cast<void>(join_local_group(options));
    ::pthread_sigmask(SIG_UNBLOCK, &usr1, nullptr);
    return elsewhere == 0 && on_main == 1 ? 0 : 1;
  });
  EXPECT_EQ(child.wait().status, 0);
}

class OtherUserTest : public LocalGroupProcessTest {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root, to be two users";
    fs::permissions(root_.path(), fs::perms(0755));
  }
  template <class Body>
  [[nodiscard]] static int as_nobody(Body body) {
    Child child([&](const Reporter&) {
      if (::setgroups(0, nullptr) != 0 || ::setgid(nobody) != 0 || ::setuid(nobody) != 0) return 99;
      return body() ? 0 : 1;
    });
    return child.wait().status;
  }
};

TEST_F(OtherUserTest, ThePlaceOfAnotherIsRefused) {
  const auto a = join();
  EXPECT_EQ(as_nobody([&] {
              const auto joined = join_local_group(options(), 1000);
              return bool(fails(joined, Errc::no_permission));
            }),
            0);
  fs::permissions(place(), fs::perms(0755));
  EXPECT_EQ(as_nobody([&] {
              const auto joined = join_local_group(options(), 1000);
              return fails(joined, Errc::group_refused) &&
                     joined.error().why.find("user 0") != std::string::npos;
            }),
            0);
}

TEST_F(OtherUserTest, AConnectionOfAnotherIsRefusedByName) {
  std::vector<std::string> notices;
  auto noticing = options();
  noticing.notice = [&](const std::string& text) { notices.push_back(text); };
  auto hub = std::make_unique<Node>(noticing);
  ASSERT_TRUE(hub->until_nodes(1));
  // As if the permissions had been opened by hand.
  fs::permissions(place(), fs::perms(0755));
  const fs::path path = place() / Place::socket_name;
  fs::permissions(path, fs::perms(0777));
  EXPECT_EQ(
      as_nobody([&] {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.string().copy(address.sun_path, sizeof address.sun_path - 1);
        const io::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM, 0));
        if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
          return false;
        }
        FrameReader reader;
        for (;;) {
          const auto room = reader.room(1000);
          const ssize_t size = ::read(socket.get(), room.data(), room.size());
          if (size <= 0) return false;
          reader.came(static_cast<std::size_t>(size));
          Frame frame;
          if (reader.next(frame) != FrameReader::Next::frame) continue;
          const auto said = decode_refused(frame.body);
          return said && said->reason.find("user 65534") != std::string::npos;
        }
      }),
      0);
  hub.reset();
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_NE(notices.front().find("user 65534"), std::string::npos);
}

TEST_F(OtherUserTest, AHubOfAnotherIsNotBelieved) {
  fs::create_directory(place());
  const auto spot = must(Place::open(place()));
  ASSERT_TRUE(spot->lead().value());
  // The credentials that are seen are those of the moment of listen().
  Child impostor([&](const Reporter& report) {
    const io::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const fs::path path = place() / Place::socket_name;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return 1;
    if (::seteuid(nobody) != 0 || ::listen(socket.get(), 5) != 0) return 2;
    report(0, 0);
    ::pause();
    return 0;
  });
  ASSERT_TRUE(impostor.next());
  const auto joined = join_local_group(options(), 10'000);
  ASSERT_TRUE(fails(joined, Errc::group_refused));
  EXPECT_NE(joined.error().why.find("user 65534"), std::string::npos) << joined.error().why;
}

}  // namespace
}  // namespace storemark::local_group
