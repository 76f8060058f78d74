// SPDX-License-Identifier: Apache-2.0
// The group with a daemon that does what each case wants: no room, errors, silence, lies.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "group/corosync/bundle.hpp"
#include "group/corosync/envelope.hpp"
#include "group/corosync/hello_codec.hpp"
#include "group/corosync/join.hpp"
#include "group/corosync/scripted_daemon.hpp"

namespace storemark::corosync_group {
namespace {

constexpr int long_ms = 20'000;
constexpr Address other{2, 77};

class Seen : public GroupListener {
 public:
  void view_changed(const GroupView& view) override { views.push_back(view); }
  void delivered(GroupNode from, std::span<const std::uint8_t> message) override {
    messages.emplace_back(message.begin(), message.end());
    senders.push_back(from);
  }
  std::vector<GroupView> views;
  std::vector<std::string> messages;
  std::vector<GroupNode> senders;
};

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

class EngineTest : public testing::Test {
 protected:
  Result<std::unique_ptr<Group>> try_join(int patience_ms = long_ms) {
    return corosync_group::join(options_, script_.daemon(), patience_ms);
  }
  void join() {
    auto joined = try_join();
    ASSERT_TRUE(joined) << to_string(joined.error());
    group_ = std::move(*joined);
  }
  /// Dispatches until it holds; false: the group was lost, or it takes too long.
  template <class Holds>
  bool until(Holds holds) {
    while (!holds()) {
      pollfd ready{group_->descriptor(), POLLIN, 0};
      if (::poll(&ready, 1, long_ms) != 1) return false;
      const auto taken = group_->dispatch(seen_, 100);
      if (taken) continue;
      lost_ = taken.error();
      return holds();
    }
    return true;
  }
  bool until_messages(std::size_t count) {
    return until([&] { return seen_.messages.size() >= count; });
  }
  bool until_lost() {
    return until([&] { return lost_.has_value(); });
  }
  void send(std::string_view text) {
    const auto sent = group_->multicast(bytes_of(text));
    ASSERT_TRUE(sent) << to_string(sent.error());
    ASSERT_TRUE(*sent);
  }
  /// `other` comes, and says what it has to.
  void other_joins() {
    script_.comes(other);
    Hello hello{99, 1, {1, 4}, Quorum::unknown, "other", {}, {}};
    script_.message(other, encode(hello));
  }

  CorosyncGroupOptions options_;
  Script script_;
  std::unique_ptr<Group> group_;
  Seen seen_;
  std::optional<Error> lost_;
};

std::vector<std::string> numbers(std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(std::to_string(i));
  return out;
}

TEST_F(EngineTest, JoinsSendsAndLeaves) {
  options_.name = "mine";
  join();
  EXPECT_EQ(group_->max_message(), Script::max_message);
  for (const auto& text : numbers(3)) send(text);
  ASSERT_TRUE(until_messages(3));
  EXPECT_EQ(seen_.messages, numbers(3));
  ASSERT_EQ(seen_.views.size(), 1U);
  EXPECT_EQ(seen_.views[0].nodes, std::vector{group_->self()});
  EXPECT_EQ(seen_.views[0].names, std::vector<std::string>{"mine (node 1, pid 4242)"});
  EXPECT_EQ(seen_.views[0].quorum, Quorum::unknown);
  EXPECT_EQ(seen_.senders.front(), group_->self());
  send("last");
  ASSERT_TRUE(group_->leave(long_ms));
  EXPECT_FALSE(group_->multicast(bytes_of("x")));
  EXPECT_EQ(group_->dispatch(seen_, 1).error().code, Errc::group_lost);
  EXPECT_EQ(seen_.messages.size(), 3U) << "nothing is handed over after leave()";
}

TEST_F(EngineTest, LeavesWhenAllThatWasTakenHasGone) {
  join();
  script_.answer(Call::multicast, Answer::again, 5);
  for (int i = 0; i < 10; ++i) send("x");
  script_.answer(Call::leave, Answer::again, 3);
  ASSERT_TRUE(group_->leave(long_ms));
  EXPECT_EQ(script_.made(Call::leave), 4U);
  EXPECT_EQ(script_.data_taken(), 10U);
}

TEST_F(EngineTest, WaitsForTheQuorumOfTheRing) {
  script_.set_quorum_configured();
  std::thread word([&] {
    script_.wait_for(Call::count_departures, 1);
    script_.quorum(3, true);  // of a ring that is over
    script_.quorum(4, false);
  });
  join();
  word.join();
  ASSERT_TRUE(until([&] { return !seen_.views.empty(); }));
  EXPECT_EQ(seen_.views[0].quorum, Quorum::no);
  script_.quorum(4, true);
  ASSERT_TRUE(until([&] { return seen_.views.size() == 2; }));
  EXPECT_EQ(seen_.views[1].quorum, Quorum::yes);
}

TEST_F(EngineTest, KeepsTheOrderWhereThereIsNoRoom) {
  join();
  std::size_t sent = 0;
  for (const std::size_t run : {1U, 3U, 7U}) {
    script_.answer(Call::multicast, Answer::again, run);
    for (int i = 0; i < 5; ++i) send(std::to_string(sent++));
    script_.answer(Call::multicast, Answer::done, 2);
    script_.answer(Call::multicast, Answer::again, run);
  }
  ASSERT_TRUE(until_messages(sent));
  EXPECT_EQ(seen_.messages, numbers(sent));
}

TEST_F(EngineTest, WhatWaitedForRoomGoesTogether) {
  join();
  const std::size_t before = script_.made(Call::multicast);
  // What is under way is not back before all is sent, so that the window is full.
  script_.hold();
  constexpr std::size_t count = 500;
  for (const auto& text : numbers(count)) send(text);
  const std::size_t alone = script_.made(Call::multicast) - before;
  EXPECT_LT(alone, count / 4);
  script_.release();
  ASSERT_TRUE(until_messages(count));
  EXPECT_EQ(seen_.messages, numbers(count));
  EXPECT_EQ(script_.data_taken(), count);
  EXPECT_LT(script_.made(Call::multicast) - before, 2 * alone);
}

TEST_F(EngineTest, TriesAgainUntilTheDaemonIsThere) {
  script_.answer(Call::join, Answer::gone, 2);
  script_.answer(Call::join, Answer::again, 1);
  join();
  EXPECT_EQ(script_.made(Call::join), 4U);
  EXPECT_EQ(script_.made(Call::close), 3U) << "each try has connections of its own";
}

TEST_F(EngineTest, ADaemonThatIsNotThereIsNamed) {
  script_.answer_always(Call::join, Answer::gone);
  const auto joined = try_join(100);
  ASSERT_FALSE(joined);
  EXPECT_EQ(joined.error().code, Errc::group_lost);
  EXPECT_NE(joined.error().why.find("could not be reached within 100 ms (as the script has it)"),
            std::string::npos);
}

TEST_F(EngineTest, AJoinThatWaitsIsStopped) {
  const auto stop_when = [&](Script& script, auto wait) {
    std::stop_source stop;
    options_.stop = stop.get_token();
    std::thread asks([&] {
      wait();
      stop.request_stop();
    });
    const auto joined = corosync_group::join(options_, script.daemon(), long_ms);
    asks.join();
    return joined ? Errc{} : joined.error().code;
  };
  Script absent;
  absent.answer_always(Call::join, Answer::gone);
  EXPECT_EQ(stop_when(absent, [&] { absent.wait_for(Call::join, 3); }), Errc::cancelled);
  Script stopped;
  stopped.freeze(Call::join);
  EXPECT_EQ(stop_when(stopped, [&] { stopped.wait_until_frozen(); }), Errc::cancelled);
  stopped.thaw();
  stopped.wait_until_destroyed();
}

TEST_F(EngineTest, WhoIsInIsNotStopped) {
  std::stop_source stop;
  options_.stop = stop.get_token();
  join();
  stop.request_stop();
  send("x");
  EXPECT_TRUE(until_messages(1));
}

TEST_F(EngineTest, WithoutRightsItIsSaidWhatToWriteWhere) {
  script_.answer(Call::join, Answer::denied);
  const auto joined = try_join();
  ASSERT_FALSE(joined);
  EXPECT_EQ(joined.error().code, Errc::no_permission);
  EXPECT_NE(joined.error().todo.find("/etc/corosync/uidgid.d/storemark"), std::string::npos);
  EXPECT_EQ(script_.made(Call::join), 1U);
}

TEST_F(EngineTest, TheDaemonsEndIsSeenInEachCall) {
  for (const Call call :
       {Call::take_event, Call::take_quorum, Call::count_departures, Call::multicast}) {
    Script script;
    auto joined = corosync_group::join(options_, script.daemon(), long_ms);
    ASSERT_TRUE(joined);
    group_ = std::move(*joined);
    lost_.reset();
    script.answer_always(call, Answer::gone);
    script.quorum(4, true);
    static_cast<void>(group_->multicast(bytes_of("x")));
    ASSERT_TRUE(until_lost()) << static_cast<int>(call);
    EXPECT_EQ(lost_->code, Errc::group_lost);
    EXPECT_NE(lost_->why.find("Corosync's daemon on this host is gone"), std::string::npos);
    EXPECT_EQ(group_->multicast(bytes_of("x")).error().code, Errc::group_lost);
    EXPECT_EQ(group_->leave(long_ms).error().code, Errc::group_lost);
    group_.reset();
  }
}

TEST_F(EngineTest, TheDaemonsEndIsSeenWhileLeaving) {
  join();
  script_.answer_always(Call::leave, Answer::gone);
  EXPECT_EQ(group_->leave(long_ms).error().code, Errc::group_lost);
}

TEST_F(EngineTest, NoMemoryIsAnEndToo) {
  join();
  script_.answer_always(Call::take_event, Answer::no_memory);
  ASSERT_TRUE(until_lost());
  EXPECT_EQ(lost_->why, "there is no memory");
}

TEST_F(EngineTest, AQuestionThatIsNotAnsweredIsAskedAgain) {
  script_.answer(Call::count_departures, Answer::again, 2);  // of the first ring
  join();
  script_.answer(Call::count_departures, Answer::again, 2);
  send("x");
  EXPECT_TRUE(until_messages(1));
}

TEST_F(EngineTest, WhatMayHaveAGapIsNotHandedOver) {
  join();
  send("certain");
  ASSERT_TRUE(until_messages(1));
  script_.departs();
  const std::size_t asked = script_.made(Call::count_departures);
  send("uncertain");
  script_.wait_for(Call::count_departures, asked + 1);
  const auto taken = group_->dispatch(seen_, 100);
  EXPECT_EQ(seen_.messages.size(), 1U);
  // The ring comes: it has stayed alone, and goes on.
  script_.ring({1, 8});
  ASSERT_TRUE(until_messages(2));
  EXPECT_EQ(seen_.messages.back(), "uncertain");
}

TEST_F(EngineTest, AnotherComesAndGoes) {
  join();
  other_joins();
  script_.message(other, in_envelope(MessageType::data, bytes_of("hers")));
  ASSERT_TRUE(until_messages(1));
  EXPECT_EQ(seen_.senders[0].value, 99U);
  EXPECT_EQ(seen_.views.back().nodes.size(), 2U);
  script_.processes({{Script::self}, {{other, false}}, {}});
  ASSERT_TRUE(until([&] { return seen_.views.back().nodes.size() == 1; }));
}

TEST_F(EngineTest, WhoDispatchesNeedsNoThread) {
  std::mutex mutex;
  std::condition_variable changed;
  std::thread::id told_by;
  bool goes_on = false;
  options_.notice = [&](const std::string& /*notice*/) {
    std::unique_lock lock(mutex);
    told_by = std::this_thread::get_id();
    changed.notify_all();
    changed.wait(lock, [&] { return goes_on; });
  };
  join();
  other_joins();
  ASSERT_TRUE(until([&] { return seen_.views.size() == 2; }));
  script_.message(other, bytes_of("not ours"));
  const auto told = [&] { return told_by != std::thread::id(); };
  std::unique_lock lock(mutex);
  changed.wait(lock, told);
  // The thread is held up, and what comes is handed over all the same.
  EXPECT_NE(told_by, std::this_thread::get_id());
  lock.unlock();
  for (const auto& text : numbers(3)) {
    script_.message(other, in_envelope(MessageType::data, bytes_of(text)));
    send(text);
  }
  EXPECT_TRUE(until_messages(6));
  lock.lock();
  goes_on = true;
  changed.notify_all();
  lock.unlock();
  group_.reset();  // the notice is at an end before what it uses is
}

TEST_F(EngineTest, WhoCeasesToDispatchHoldsNobodyUp) {
  constexpr std::size_t count = 100;
  join();
  for (std::size_t i = 0; i < count; ++i) {
    send(std::to_string(i));
    ASSERT_TRUE(until_messages(i + 1));
  }
  // From here on only the thread can say the Hello that the other waits for.
  const std::size_t said = script_.made(Call::multicast);
  other_joins();
  script_.wait_for(Call::multicast, said + 1);
}

TEST_F(EngineTest, WhatIsSaidBeforeTheHelloOfARingCountsNowhereAndIsSentAgain) {
  join();
  // Under way while the ring forms, and told behind it: here the daemon is slower than the sender.
  script_.hold();
  send("0");
  send("1");
  script_.comes(other);
  script_.message(other, in_envelope(MessageType::data, bytes_of("never counts")));
  script_.release();
  send("2");
  script_.message(other, encode(Hello{99, 1, {1, 4}, Quorum::unknown, "other", {}, {}}));
  script_.message(other, in_envelope(MessageType::data, bytes_of("counts")));
  ASSERT_TRUE(until_messages(4));
  std::erase(seen_.messages, "counts");
  EXPECT_EQ(seen_.messages, numbers(3));
  EXPECT_EQ(seen_.views.back().nodes.size(), 2U);
}

TEST_F(EngineTest, WhoIsSilentIsLeftOutAndNamed) {
  std::mutex mutex;
  std::string noticed;
  options_.patience_ms = 50;
  options_.notice = [&](const std::string& notice) {
    const std::lock_guard lock(mutex);
    noticed = notice;
  };
  join();
  script_.comes(other);
  ASSERT_TRUE(until([&] { return seen_.views.size() == 2; }));
  EXPECT_EQ(seen_.views.back().nodes, std::vector{group_->self()});
  group_.reset();  // no notice comes after this
  const std::lock_guard lock(mutex);
  EXPECT_NE(noticed.find("node 2, pid 77 is put out of the group"), std::string::npos);
}

/// What only the thread sees to is seen to while the application never gives it a chance.
class BusyEngineTest : public EngineTest {
 protected:
  template <class Holds>
  bool dispatch_until(Holds holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(long_ms);
    while (!holds()) {
      if (!group_->dispatch(seen_, 100) || std::chrono::steady_clock::now() > end) return false;
    }
    return true;
  }
};

TEST_F(BusyEngineTest, WhoIsSilentIsLeftOut) {
  options_.patience_ms = 50;
  join();
  script_.comes(other);
  ASSERT_TRUE(dispatch_until([&] { return seen_.views.size() == 2; }));
  EXPECT_EQ(seen_.views.back().nodes, std::vector{group_->self()});
}

TEST_F(BusyEngineTest, WhatWasRefusedIsTriedAgain) {
  join();
  ASSERT_TRUE(dispatch_until([&] { return seen_.views.size() == 1; }));
  const std::size_t before = script_.made(Call::multicast);
  constexpr std::size_t refusals = 6;  // by then it waits longer than it looks away
  script_.answer(Call::multicast, Answer::again, refusals);
  send("x");
  EXPECT_TRUE(dispatch_until([&] { return seen_.messages.size() == 1; }));
  EXPECT_EQ(script_.made(Call::multicast), before + refusals + 1);
}

TEST_F(EngineTest, ATurnIsBoundedByItsData) {
  join();
  other_joins();
  ASSERT_TRUE(until([&] { return seen_.views.size() == 2; }));
  Bytes body;
  for (int i = 0; i < 200; ++i) bundle(body, bytes_of("x"));
  const std::size_t turns_before = script_.made(Call::count_departures);
  script_.freeze(Call::take_event);  // until all are there: else turns end for want of them
  for (int i = 0; i < 10; ++i) script_.message(other, in_envelope(MessageType::bundle, body));
  script_.thaw();
  ASSERT_TRUE(until_messages(2000));
  EXPECT_GE(script_.made(Call::count_departures), turns_before + 5) << "two bundles in each";
}

TEST_F(EngineTest, WhoIsPutOutByOneWhoseHelloNeverCameIsOut) {
  join();
  script_.comes(other);
  script_.message(other, encode(Exclude{Script::self, {1, 4}, 1, MessageType::hello}));
  ASSERT_TRUE(until_lost());
  EXPECT_NE(lost_->why.find("its Hello was never given here"), std::string::npos);
}

TEST_F(EngineTest, AMessageThatTheDaemonLosesEndsIt) {
  join();
  script_.swallow();
  send("lost");
  script_.message(Script::self, in_envelope(MessageType::data, bytes_of("the next")));
  ASSERT_TRUE(until_lost());
  EXPECT_EQ(lost_->why, "Corosync's daemon lost a message of this node");
  EXPECT_TRUE(seen_.messages.empty());
}

TEST_F(EngineTest, AMessageInTheMiddleOfARingEndsIt) {
  join();
  script_.processes({{Script::self, other}, {}, {{other, true}}});
  script_.message(other, bytes_of("x"));
  ASSERT_TRUE(until_lost());
  EXPECT_NE(lost_->why.find("where a ring was due"), std::string::npos);
}

TEST_F(EngineTest, WhoDoesNotDispatchHoldsTheDaemonBackAndThenItself) {
  options_.queue_bytes = 2000;
  join();
  std::size_t sent = 0;
  // Until neither the queue nor what has come takes more.
  for (;;) {
    const auto taken = group_->multicast(bytes_of(std::to_string(sent)));
    ASSERT_TRUE(taken);
    if (*taken) {
      ++sent;
      continue;
    }
    if (script_.untaken() > 0 && sent > 10) break;
    std::this_thread::yield();
  }
  EXPECT_LT(sent, 100U);
  // The bell says when there is room again.
  ASSERT_TRUE(until_messages(sent));
  EXPECT_EQ(seen_.messages, numbers(sent));
  send(std::to_string(sent++));
  EXPECT_TRUE(until_messages(sent));
}

TEST_F(EngineTest, AFullQueueHoldsTheDaemonBack) {
  constexpr std::size_t count = 3000;
  options_.queue_bytes = 2000;
  join();
  other_joins();
  ASSERT_TRUE(until([&] { return seen_.views.size() == 2; }));
  script_.freeze(Call::count_departures);
  script_.message(other, in_envelope(MessageType::data, bytes_of("0")));
  script_.wait_until_frozen();
  for (std::size_t i = 1; i < count; ++i) {
    script_.message(other, in_envelope(MessageType::data, bytes_of(std::to_string(i))));
  }
  script_.thaw();
  // Each of these is a turn, in which as many as 256 would be taken were there room.
  for (std::size_t turn = 1; turn <= 20; ++turn) {
    script_.quorum(4, true);
    script_.wait_for(Call::take_quorum, turn);
  }
  EXPECT_GT(script_.untaken(), count / 2);
  ASSERT_TRUE(until_messages(count));
  EXPECT_EQ(seen_.messages, numbers(count));
}

TEST_F(EngineTest, LongMessages) {
  join();
  const std::string longest(Script::max_message, 'x');
  send(longest);
  const auto longer = group_->multicast(bytes_of(longest + "x"));
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().code, Errc::message_too_long);
  ASSERT_TRUE(until_messages(1));
  EXPECT_EQ(seen_.messages[0], longest);
}

TEST_F(EngineTest, NoCallWaitsForAFrozenDaemon) {
  join();
  script_.freeze(Call::count_departures);
  send("x");
  script_.wait_until_frozen();
  send("y");
  EXPECT_TRUE(group_->dispatch(seen_, 100));
  const auto left = group_->leave(50);
  ASSERT_FALSE(left);
  EXPECT_EQ(left.error().why, "the group did not take its leave in time");
  group_.reset();
  script_.wait_until_destroyed();
}

TEST_F(EngineTest, WhatWasFrozenGoesOn) {
  join();
  script_.freeze(Call::count_departures);
  send("x");
  script_.wait_until_frozen();
  send("y");
  script_.thaw();
  EXPECT_TRUE(until_messages(2));
}

TEST_F(EngineTest, DestructionDoesNotWaitForAFrozenDaemon) {
  join();
  script_.freeze(Call::count_departures);
  send("x");
  script_.wait_until_frozen();
  group_.reset();
  script_.wait_until_destroyed();
}

TEST_F(EngineTest, JoiningADaemonThatIsFrozenEndsAndItsThreadLater) {
  script_.freeze(Call::join);
  const auto joined = try_join(50);
  ASSERT_FALSE(joined);
  EXPECT_NE(joined.error().why.find("did not answer within 50 ms"), std::string::npos);
  // No connection was there yet that could have been cut: the thread has outlived the group.
  script_.thaw();
  script_.wait_until_destroyed();
}

TEST_F(EngineTest, DestructionWhileTheDaemonHasNoRoom) {
  join();
  script_.answer_always(Call::multicast, Answer::again);
  send("x");
  group_.reset();
  script_.wait_until_destroyed();
}

TEST_F(EngineTest, ThreadsMayMulticastAtOnce) {
  join();
  constexpr std::size_t each = 2000;
  std::vector<std::thread> threads;
  for (const char who : {'a', 'b'}) {
    threads.emplace_back([&, who] {
      for (std::size_t i = 0; i < each; ++i) {
        const std::string text = who + std::to_string(i);
        for (;;) {
          const auto sent = group_->multicast(bytes_of(text));
          if (!sent || *sent) break;
          std::this_thread::yield();
        }
      }
    });
  }
  EXPECT_TRUE(until_messages(2 * each));
  for (auto& thread : threads) thread.join();
  for (const char who : {'a', 'b'}) {
    std::vector<std::string> its;
    for (const auto& text : seen_.messages) {
      if (text[0] == who) its.push_back(text.substr(1));
    }
    EXPECT_EQ(its, numbers(each));
  }
}

TEST_F(EngineTest, AChildIsRefused) {
  join();
  const pid_t child = ::fork();
  if (child == 0) {
    const auto refused = [](const auto& result) {
      return !result && result.error().code == Errc::used_after_fork;
    };
    const bool right = refused(group_->multicast(bytes_of("x"))) &&
                       refused(group_->dispatch(seen_, 1)) && refused(group_->leave(0)) &&
                       ::fcntl(group_->descriptor(), F_GETFD) < 0;
    group_.reset();
    ::_exit(right ? 0 : 1);
  }
  int status = 1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  send("x");
  EXPECT_TRUE(until_messages(1));
}

TEST_F(EngineTest, WrongOptionsAreNamed) {
  const auto wrong = [&](auto change) {
    CorosyncGroupOptions options;
    change(options);
    const auto joined = corosync_group::join(options, script_.daemon(), 0);
    return !joined && joined.error().code == Errc::invalid_argument;
  };
  EXPECT_TRUE(wrong([](auto& o) { o.group.clear(); }));
  EXPECT_TRUE(wrong([](auto& o) { o.group.assign(128, 'x'); }));
  EXPECT_TRUE(wrong([](auto& o) { o.name.assign(65, 'x'); }));
  EXPECT_TRUE(wrong([](auto& o) { o.name = "\xff"; }));
  EXPECT_TRUE(wrong([](auto& o) { o.queue_bytes = 0; }));
  EXPECT_TRUE(wrong([](auto& o) { o.patience_ms = 0; }));
  EXPECT_EQ(script_.made(Call::join), 0U);
}

}  // namespace
}  // namespace storemark::corosync_group
