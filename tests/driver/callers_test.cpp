// SPDX-License-Identifier: Apache-2.0
// The driver as its callers use it and misuse it: full queues, calls from within calls, many
// threads, forks, wrong options.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <stdexcept>
#include <stop_token>
#include <thread>

#include "driver/cluster.hpp"

namespace storemark::test {
namespace {

using real::fails;
using real::ok;

class CallersTest : public ClusterTest {
 protected:
  /// Runs in a child, which ends without cleaning up; true: it said so.
  template <class Call>
  [[nodiscard]] static bool in_child(Call call) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(call() ? 0 : 1);
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
};

TEST_F(CallersTest, AFullQueueSaysSoAndThatThereIsRoomAgain) {
  for (const char* name : {"a", "b"}) node(name, 2).options.publish_bytes = 1000;
  start_all();
  ASSERT_TRUE(all_ready());
  Node& a = *nodes_["a"];
  hub_.hold();
  const std::string event(100, 'e');
  std::uint64_t taken = 0;
  for (;;) {
    const auto done = a.driver->publish(bytes_of(event), taken);
    ASSERT_TRUE(ok(done));
    if (!*done) break;
    ++taken;
    ASSERT_LE(taken, 10U) << "more than publish_bytes";
  }
  EXPECT_EQ(taken, 10U);
  EXPECT_EQ(a.broker->times_room(), 0U);
  hub_.let_go();
  EXPECT_TRUE(a.broker->until([&] { return a.broker->times_room() == 1; }));
  publish_and_wait(a, taken, event);
  EXPECT_TRUE(all_have(taken + 1));
  EXPECT_EQ(a.broker->confirmed_tokens().size(), taken + 1);
  EXPECT_EQ(a.broker->times_room(), 1U);
}

TEST_F(CallersTest, AnEventThatIsTooLongIsRefusedAndTheLongestIsNot) {
  found({"a", "b"});
  Node& a = *nodes_["a"];
  const std::string longest(max_event_bytes, 'x');
  EXPECT_TRUE(fails(a.driver->publish(bytes_of(longest + 'x'), 1), Errc::message_too_long));
  publish_and_wait(a, 2, longest);
  EXPECT_TRUE(all_have(1));
}

TEST_F(CallersTest, ACallOnTheBrokerMayUseTheDriver) {
  Node& a = node("a");
  a.broker = std::make_unique<SmallBroker>(a.disk, exchange_);
  std::atomic<unsigned> published{0};
  std::atomic<bool> refused{false};
  a.broker->set_during([&](const std::string& call) {
    if (call != "confirmed") return;
    static_cast<void>(a.driver->status());
    // Not for ever: this is the thread that would end it.
    refused = fails(Result<void>(tl::unexpected(*a.driver->wait().error)), Errc::wrong_state);
    if (++published < 10) {
      static_cast<void>(a.driver->publish(bytes_of("again"), 100 + published));
    } else {
      static_cast<void>(a.driver->shut_down());
    }
  });
  start(a);
  ASSERT_TRUE(a.broker->until_ready());
  publish(a, 1, "first");
  EXPECT_TRUE(a.driver->wait().clean);
  EXPECT_TRUE(refused);
  EXPECT_EQ(a.disk.events.size(), 10U);
}

TEST_F(CallersTest, ManyThreadsAtOnce) {
  found({"a", "b"});
  constexpr std::uint64_t each = 200;
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      Node& mine = *nodes_[t % 2 == 0 ? "a" : "b"];
      for (std::uint64_t i = 0; i < each; ++i) {
        publish(mine, t * each + i, std::to_string(t) + ':' + std::to_string(i));
        static_cast<void>(mine.driver->status());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(all_have(4 * each));
  // What one thread published stands in its order.
  std::array<std::uint64_t, 4> next{};
  for (const std::string& event : nodes_["a"]->broker->events()) {
    const std::size_t thread = static_cast<std::size_t>(event.at(0) - '0');
    EXPECT_EQ(event.substr(2), std::to_string(next.at(thread)++));
  }
  std::thread ends([&] { EXPECT_TRUE(ok(nodes_["b"]->driver->shut_down())); });
  std::thread waits([&] { EXPECT_TRUE(nodes_["a"]->driver->wait().clean); });
  EXPECT_TRUE(nodes_["a"]->driver->wait().clean);
  ends.join();
  waits.join();
}

TEST_F(CallersTest, AForkedChildCannotUseIt) {
  found({"a"});
  Node& a = *nodes_["a"];
  EXPECT_TRUE(in_child([&] {
    const auto is = [](const auto& result) { return fails(result, Errc::used_after_fork); };
    const bool refused = is(a.driver->publish(bytes_of("child"), 1)) && is(a.driver->shut_down()) &&
                         a.driver->wait().error &&
                         a.driver->wait().error->code == Errc::used_after_fork &&
                         a.driver->status().phase == MemberPhase::stopped;
    a.driver->leave();
    a.driver.reset();  // neither waits for the parent's thread nor leaves in its place
    return refused;
  }));
  publish_and_wait(a, 2, "the parent goes on");
  EXPECT_EQ(a.disk.events.size(), 1U);
}

// --- starts that fail
// -----------------------------------------------------------------------------

struct WrongOption {
  const char* option;
  std::function<void(DriverOptions&)> set;
};

TEST_F(CallersTest, WrongOptionsAreNamedAndNothingIsTouched) {
  const WrongOption wrong[] = {
      {"label", [](auto& o) { o.label.assign(max_label_bytes + 1, 'x'); }},
      {"label", [](auto& o) { o.label = "\xFF"; }},
      {"address", [](auto& o) { o.address.assign(max_address_bytes + 1, 'x'); }},
      {"wait_for", [](auto& o) { o.wait_for = max_wait_for + 1; }},
      {"directory", [](auto& o) { o.directory.clear(); }},
      {"journal.interval", [](auto& o) { o.journal.interval = std::chrono::milliseconds(-1); }},
      {"time_limit", [](auto& o) { o.time_limit = std::chrono::milliseconds(-1); }},
  };
  for (const WrongOption& one : wrong) {
    Node& a = node("a");
    const auto directory = a.options.directory;
    one.set(a.options);
    const auto done = try_start(a);
    ASSERT_TRUE(fails(done, Errc::invalid_argument)) << one.option;
    EXPECT_EQ(done.error().where, std::string("DriverOptions::") + one.option);
    EXPECT_TRUE(a.broker->calls().empty());
    EXPECT_TRUE(std::filesystem::is_empty(directory));
    nodes_.clear();
    std::filesystem::remove_all(directory);
  }
}

TEST_F(CallersTest, TheLargestOptionsAreTaken) {
  Node& a = node("a");
  a.options.label.assign(max_label_bytes, 'x');
  a.options.address.assign(max_address_bytes, 'x');
  a.options.wait_for = max_wait_for;
  EXPECT_TRUE(ok(try_start(a)));
  EXPECT_TRUE(a.broker->until([&] { return a.broker->last_status().wait_for == max_wait_for; }));
}

TEST_F(CallersTest, NobodyWaitsForNone) {
  Node& a = node("a", 0);
  start(a);
  EXPECT_TRUE(a.broker->until_ready());
}

TEST_F(CallersTest, AGroupThatCannotBeJoinedIsAnErrorOfTheStart) {
  Node& a = node("a");
  a.broker = std::make_unique<SmallBroker>(a.disk, exchange_);
  const auto start_with = [&](const Driver::Join& join) {
    return Driver::start(a.options, *a.broker, join);
  };
  const Error refused{Errc::group_refused, "not joined", "group", "another user", "be that user"};
  EXPECT_TRUE(fails(start_with([&] { return tl::unexpected(refused); }), Errc::group_refused));
  EXPECT_TRUE(fails(start_with([] { return std::unique_ptr<Group>(); }), Errc::invalid_argument));
  EXPECT_TRUE(fails(start_with(nullptr), Errc::invalid_argument));
  EXPECT_TRUE(
      fails(start_with([]() -> Result<std::unique_ptr<Group>> { throw std::runtime_error("no"); }),
            Errc::invalid_argument));
  start(a);  // and costs nothing
  EXPECT_TRUE(a.broker->until_ready());
}

TEST_F(CallersTest, AStartThatWaitsForItsGroupCanBeStopped) {
  Node& a = node("a");
  a.broker = std::make_unique<SmallBroker>(a.disk, exchange_);
  std::stop_source stop;
  a.broker->set_during([&](const std::string& call) {
    if (call == "status") stop.request_stop();
  });
  const auto join = [&]() -> Result<std::unique_ptr<Group>> {
    while (!stop.stop_requested()) std::this_thread::yield();
    return tl::unexpected(Error{Errc::cancelled, "not joined", "group", "told to", "join again"});
  };
  EXPECT_TRUE(fails(driver::start(a.options, *a.broker, join, {std::chrono::milliseconds(1)}),
                    Errc::cancelled));
  EXPECT_EQ(a.broker->last_status().phase, MemberPhase::joining);
  EXPECT_EQ(a.broker->last_status().text, "joining the group");
  EXPECT_FALSE(a.broker->end()) << "there was no member yet";
  a.broker->set_during(nullptr);
  start(a);  // and costs nothing
  EXPECT_TRUE(a.broker->until_ready());
}

TEST_F(CallersTest, OneDirectoryHasOneDriver) {
  found({"a"});
  SmallBroker second(nodes_["a"]->disk, exchange_);
  const auto again =
      Driver::start(nodes_["a"]->options, second, [&] { return hub_.join("again"); });
  EXPECT_TRUE(fails(again, Errc::in_use));
}

}  // namespace
}  // namespace storemark::test
