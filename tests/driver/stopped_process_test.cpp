// SPDX-License-Identifier: Apache-2.0
// Members of a real local group in processes that are stopped and go on: the group waits, however
// long, so whoever goes on is the member that it was, and nothing was decided without it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <storemark/local_group.hpp>

#include "driver/small_broker.hpp"
#include "journal_api/real_store.hpp"
#include "process/child.hpp"

namespace storemark::test {
namespace {

using real::Child;
using real::must;
using real::Reporter;

// What a child reports.
constexpr std::uint64_t runs = 1;      // its process, which is in the group
constexpr std::uint64_t is_ready = 2;  // among so many
constexpr std::uint64_t has_applied = 3;
constexpr std::uint64_t answers = 4;  // a token
constexpr std::uint64_t steps_down = 5;
constexpr std::uint64_t own_token = 77;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A member with its store in memory and its journal in a directory.
struct Place {
  Place(const std::filesystem::path& root, const std::string& name) {
    options.directory = root / name;
    std::filesystem::create_directory(options.directory);
    options.label = name;
    options.wait_for = 3;
    group.directory = root / "group";
    group.name = name;
  }
  void start() {
    driver = must(Driver::start(options, broker, [this] { return join_local_group(group); }));
  }
  void publish(std::uint64_t token, const std::string& event) const {
    ASSERT_TRUE(must(driver->publish(bytes_of(event), token)));
  }
  [[nodiscard]] bool answered(std::uint64_t token) const {
    return broker.until([&] { return broker.confirmed_tokens().contains(token); });
  }

  DriverOptions options;
  LocalGroupOptions group;
  SmallStore disk;
  Exchange exchange;
  SmallBroker broker{disk, exchange};
  std::unique_ptr<Driver> driver;
};

/// Reports what it is told; publishes an event of its own behind the one that says "go".
int run_member(const std::filesystem::path& root, const std::string& name, const Reporter& report) {
  Place place(root, name);
  place.broker.set_during([&](const std::string& call) {
    const Status last = place.broker.last_status();
    if (call == "status" && last.ready) report(is_ready, last.members.size());
    if (call == "stepped_down") report(steps_down, 0);
    if (call == "sync" && !place.broker.events().empty()) {
      report(has_applied, place.broker.events().size());
    }
    if (call == "confirmed") report(answers, own_token);
  });
  place.start();
  report(runs, static_cast<std::uint64_t>(::getpid()));
  const auto goes = [&] { return std::ranges::count(place.broker.events(), "go") > 0; };
  if (!place.broker.until(goes)) return 2;
  place.publish(own_token, "gone on");
  return place.driver->wait().clean ? 0 : 1;
}

class StoppedProcessTest : public testing::Test {
 protected:
  [[nodiscard]] std::unique_ptr<Child> member(const std::string& name) const {
    return std::make_unique<Child>([root = root_.path(), name](const Reporter& report) {
      return run_member(root, name, report);
    });
  }
  /// Waits for this report, and returns it; nothing where the child ended.
  static std::optional<std::uint64_t> until_says(Child& child, std::uint64_t what) {
    while (const auto report = child.next()) {
      if (report->what == what) return report->number;
    }
    return std::nullopt;
  }
  static pid_t process_of(Child& child) {
    return static_cast<pid_t>(until_says(child, runs).value_or(0));
  }
  static bool stop(pid_t pid) {
    return ::kill(pid, SIGSTOP) == 0 && ::waitpid(pid, nullptr, WUNTRACED) == pid;
  }
  static bool says(const Child& child, std::uint64_t what) {
    return std::ranges::count(child.reports(), what, &real::Report::what) > 0;
  }

  real::TempDirectory root_;
};

TEST_F(StoppedProcessTest, TheOthersGoOnWithItAndItMakesUpForWhatItMissed) {
  Place a(root_.path(), "a");
  a.start();  // it leads: whose hub is stopped waits
  const auto c = member("c");
  const pid_t pid = process_of(*c);
  Place b(root_.path(), "b");
  b.start();
  ASSERT_TRUE(a.broker.until_ready() && b.broker.until_ready());
  ASSERT_EQ(until_says(*c, is_ready), 3U);
  const ViewId before = a.driver->status().view;
  ASSERT_TRUE(stop(pid));
  for (std::uint64_t i = 1; i <= 20; ++i) {
    a.publish(i, i == 20 ? "go" : "while it was stopped");
    ASSERT_TRUE(a.answered(i)) << "b has it";
  }
  ASSERT_EQ(::kill(pid, SIGCONT), 0);
  ASSERT_EQ(until_says(*c, answers), own_token);
  EXPECT_TRUE(b.broker.until_applied(21));
  EXPECT_EQ(b.broker.events().back(), "gone on") << "behind all that it had missed";
  EXPECT_EQ(a.driver->status().view, before) << "it never ceased to be a member";
  EXPECT_FALSE(says(*c, steps_down));
  ASSERT_TRUE(a.driver->shut_down());
  EXPECT_TRUE(c->wait().well()) << "its store is whole, and clean";
}

TEST_F(StoppedProcessTest, TheDeathOfTheHubIsNotSettledWithoutIt) {
  const auto hub = member("a");
  const pid_t leads = process_of(*hub);
  ASSERT_GT(leads, 0);
  const auto c = member("c");
  const pid_t pid = process_of(*c);
  Place b(root_.path(), "b");
  b.start();
  ASSERT_TRUE(b.broker.until_ready());
  ASSERT_EQ(until_says(*c, is_ready), 3U);
  ASSERT_TRUE(stop(pid));
  hub->kill();
  b.publish(1, "go");
  // Whoever is alone may answer; b does not know yet whether it is.
  ASSERT_EQ(::kill(pid, SIGCONT), 0);
  ASSERT_TRUE(b.answered(1));
  ASSERT_EQ(until_says(*c, answers), own_token);
  EXPECT_TRUE(b.broker.until_applied(2));
  for (const Status& status : b.broker.statuses()) EXPECT_FALSE(status.alone);
  EXPECT_EQ(b.driver->status().members.size(), 2U);
  EXPECT_FALSE(says(*c, steps_down));
  ASSERT_TRUE(b.driver->shut_down());
  EXPECT_TRUE(c->wait().well());
}

}  // namespace
}  // namespace storemark::test
