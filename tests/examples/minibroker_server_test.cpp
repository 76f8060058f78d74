// SPDX-License-Identifier: Apache-2.0
// The server between real sockets, a broker with a store, and a driver that does what the test
// says.
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <ctime>
#include <deque>
#include <fstream>
#include <optional>

#include "broker.hpp"
#include "line_client.hpp"
#include "server.hpp"
#include "store_directory.hpp"

namespace minibroker {
namespace {

using Lines = std::vector<std::string>;

/// Remembers what was published.
class ScriptedDriver final : public storemark::Driver {
 public:
  storemark::Result<bool> publish(std::span<const std::uint8_t> event,
                                  std::uint64_t token) override {
    const std::lock_guard lock(mutex_);
    if (!active) {
      return tl::unexpected(storemark::Error{storemark::Errc::not_active, "a", "b", "c", "d"});
    }
    ++tried_;
    changed_.notify_all();
    if (full_) return false;
    published_.emplace_back(std::string(event.begin(), event.end()), token);
    return true;
  }
  storemark::Result<void> shut_down() override {
    const std::lock_guard lock(mutex_);
    ++tried_;
    changed_.notify_all();
    return {};
  }
  void leave() override {}
  storemark::Status status() const override {
    storemark::Status status;
    status.ready = active;
    status.phase = phase;
    return status;
  }
  storemark::Stopped wait() override { return {}; }

  void set_full(bool full) {
    const std::lock_guard lock(mutex_);
    full_ = full;
  }
  /// The token of the next event, whose text is checked.
  std::uint64_t take(const std::string& event) {
    std::unique_lock lock(mutex_);
    await(lock, [&] { return !published_.empty(); });
    const auto [bytes, token] = published_.front();
    published_.pop_front();
    EXPECT_EQ(bytes, event);
    return token;
  }
  void await_tried(int count) {
    std::unique_lock lock(mutex_);
    await(lock, [&] { return tried_ >= count; });
  }
  void await_published(std::size_t count) {
    std::unique_lock lock(mutex_);
    await(lock, [&] { return published_.size() >= count; });
  }
  std::size_t published() {
    const std::lock_guard lock(mutex_);
    return published_.size();
  }

  std::atomic<bool> active = true;
  std::atomic<storemark::MemberPhase> phase = storemark::MemberPhase::active;

 private:
  template <class Condition>
  void await(std::unique_lock<std::mutex>& lock, Condition condition) {
    if (!changed_.wait_for(lock, std::chrono::seconds(60), condition)) {
      throw std::runtime_error("it did not come");
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool full_ = false;
  int tried_ = 0;
  std::deque<std::pair<std::string, std::uint64_t>> published_;
};

class MinibrokerServerTest : public StoreDirectory {
 protected:
  MinibrokerServerTest() {
    storemark::Status status;
    status.text = "as scripted";
    broker_.status(status);
    EXPECT_TRUE(broker_.look());
    EXPECT_TRUE(broker_.activated(0));
    start();
  }
  ~MinibrokerServerTest() override { end(false); }

  void start() {
    listener_.emplace(socket());
    server_.emplace(*listener_, driver_, broker_, answers_);
  }
  void end(bool clean) {
    if (server_) server_->end(clean);
    server_.reset();
    listener_.reset();
  }
  /// Messages with the next ids in the queue "q".
  void fill(std::size_t messages, const std::string& text = "text") {
    for (std::size_t i = 0; i < messages; ++i) {
      const std::string event = "PUB q " + text;
      ASSERT_TRUE(
          broker_.apply(++n_, {reinterpret_cast<const std::uint8_t*>(event.data()), event.size()}));
    }
    ASSERT_TRUE(broker_.sync());
  }
  [[nodiscard]] std::string status() const { return "STATUS " + broker_.describe(); }
  [[nodiscard]] std::filesystem::path socket() const { return directory_ / "socket"; }
  LineClient client() const { return LineClient(socket()); }

  std::uint64_t n_ = 0;
  ScriptedDriver driver_;
  Answers answers_;
  MiniBroker broker_{directory_, Access::unsynced, answers_, [](const std::string&) {}};
  std::optional<Listener> listener_;
  std::optional<Server> server_;
};

TEST_F(MinibrokerServerTest, AnswersInTheOrderOfRequestsWhenConfirmed) {
  LineClient a = client();
  a.send("PUB q one\nPUB q\nACK 7\nPUB q two\n");
  const std::uint64_t one = driver_.take("PUB q one");
  const std::uint64_t ack = driver_.take("ACK 7");
  const std::uint64_t two = driver_.take("PUB q two");
  LineClient b = client();
  EXPECT_EQ(b.ask("STATUS"), status());  // while a waits
  answers_.confirmed(two, 12);
  answers_.confirmed(one, 10);
  answers_.confirmed(ack, 11);
  EXPECT_EQ(a.lines(4), (Lines{"OK 10", "ERR no text: PUB queue text", "OK 11", "OK 12"}));
}

TEST_F(MinibrokerServerTest, WhoLooksSeesWhatHeHasPublished) {
  fill(1);
  LineClient a = client();
  a.send("PUB q one\nCONSUME q 2\nPUB q two\nSTATUS\n");
  const std::uint64_t one = driver_.take("PUB q one");
  EXPECT_EQ(client().ask("STATUS"), status());
  EXPECT_EQ(driver_.published(), 0U);
  fill(1);  // what he has published
  answers_.confirmed(one, 2);
  EXPECT_EQ(a.lines(4), (Lines{"OK 2", "MSG 1 text", "MSG 2 text", "END 2"}));
  answers_.confirmed(driver_.take("PUB q two"), 3);
  EXPECT_EQ(a.lines(2), (Lines{"OK 3", status()}));
}

TEST_F(MinibrokerServerTest, NamesWhatIsWrongAndGoesOn) {
  LineClient a = client();
  EXPECT_EQ(a.ask("NONSENSE").substr(0, 4), "ERR ");
  EXPECT_EQ(a.ask("PUB q").substr(0, 4), "ERR ");
  EXPECT_EQ(a.ask("UPDATE 00000000-0000-0000-0000-000000000000"), "ERR no such ticket");
  EXPECT_FALSE(wait_for(a.descriptor(), POLLIN, std::chrono::milliseconds(300))) << "he may stay";
  EXPECT_EQ(a.ask("PUB q " + std::string(5'000'000, 'x')).substr(0, 10), "ERR a line");
  a.send(std::string(Stream::max_line + 1, 'y') + "\nSTATUS\n" + std::string(70'000, 'z') + "\n");
  EXPECT_EQ(a.line().substr(0, 10), "ERR a line");
  EXPECT_EQ(a.line(), status());
  EXPECT_EQ(a.line().substr(0, 10), "ERR a line");
  driver_.active = false;
  EXPECT_EQ(a.ask("PUB q text").substr(0, 9), "ERR SM405");
  EXPECT_EQ(a.ask("STATUS"), status());
}

TEST_F(MinibrokerServerTest, TakesTheLongestLine) {
  LineClient a = client();
  const std::string text(Stream::max_line - 6, 'x');
  a.send("PUB q " + text + "\n");
  answers_.confirmed(driver_.take("PUB q " + text), 1);
  EXPECT_EQ(a.line(), "OK 1");
}

TEST_F(MinibrokerServerTest, HalfALineIsNoRequest) {
  LineClient a = client();
  a.send("STATUS\nPUB q half");
  a.end_sending();
  EXPECT_EQ(a.lines(2), (Lines{status(), "(end)"}));
  EXPECT_EQ(driver_.published(), 0U);
}

TEST_F(MinibrokerServerTest, WhoSaysNoMoreGetsHisAnswers) {
  LineClient a = client();
  a.send("PUB q one\nPUB q two\n");
  a.end_sending();
  answers_.confirmed(driver_.take("PUB q one"), 1);
  answers_.confirmed(driver_.take("PUB q two"), 2);
  EXPECT_EQ(a.lines(3), (Lines{"OK 1", "OK 2", "(end)"}));
}

TEST_F(MinibrokerServerTest, WaitsForRoomAndServesTheOthers) {
  driver_.set_full(true);
  LineClient a = client();
  a.send("PUB q one\nPUB q two\n");
  driver_.await_tried(1);
  LineClient b = client();
  EXPECT_EQ(b.ask("STATUS"), status());
  EXPECT_EQ(driver_.published(), 0U);
  driver_.set_full(false);
  answers_.room();
  answers_.confirmed(driver_.take("PUB q one"), 1);
  answers_.confirmed(driver_.take("PUB q two"), 2);
  EXPECT_EQ(a.lines(2), (Lines{"OK 1", "OK 2"}));
}

TEST_F(MinibrokerServerTest, ReadsNoMoreThanItHasRoomForAnswers) {
  LineClient a = client();
  std::string requests;
  for (int i = 0; i < 200'000; ++i) requests += "PUB q x\n";
  std::size_t sent = a.offer(requests);
  driver_.await_published(Server::max_waiting);
  LineClient b = client();
  EXPECT_EQ(b.ask("STATUS"), status());
  while (const std::size_t more = a.offer(requests.substr(sent))) sent += more;
  EXPECT_LT(sent, requests.size());
  EXPECT_EQ(b.ask("STATUS"), status());
  EXPECT_EQ(driver_.published(), Server::max_waiting);
  for (std::size_t n = 1; n <= Server::max_waiting; ++n) {
    answers_.confirmed(driver_.take("PUB q x"), n);
    EXPECT_EQ(a.line(), "OK " + std::to_string(n));
  }
  driver_.await_published(1);
}

TEST_F(MinibrokerServerTest, AClientThatReadsNothingCostsBoundedMemory) {
  fill(200, std::string(60'000, 'x'));
  LineClient slow = client();
  std::string requests = "STATUS\n";
  for (int i = 0; i < 200; ++i) requests += "CONSUME q\n";
  slow.send(requests);
  EXPECT_EQ(slow.line(), status());
  LineClient b = client();
  EXPECT_EQ(b.ask("STATUS"), status());
  EXPECT_FALSE(wait_for(b.descriptor(), POLLIN, std::chrono::milliseconds(500)));  // time to err
  // What a socket holds, and one answer: far from two hundred. b gets the first that is left.
  const std::string left = b.ask("CONSUME q");
  ASSERT_EQ(left.substr(0, 4), "MSG ");
  EXPECT_LT(std::stoi(left.substr(4)), 100);
  for (int i = 1; i < 200; ++i) {
    EXPECT_EQ(slow.line().substr(0, 4), "MSG ");
    EXPECT_EQ(slow.line(), "END 1");
  }
  EXPECT_EQ(slow.line(), "END 0");
}

TEST_F(MinibrokerServerTest, WhoSendsMuchBeforeHeReadsIsHeard) {
  LineClient a = client();
  for (int i = 0; i < 5000; ++i) a.send("STATUS\n");
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(a.line(), status());
}

TEST_F(MinibrokerServerTest, AMessageIsHandedToOneAtATime) {
  fill(3);
  LineClient a = client();
  a.send("CONSUME q 2\n");
  EXPECT_EQ(a.lines(3), (Lines{"MSG 1 text", "MSG 2 text", "END 2"}));
  {
    LineClient b = client();
    b.send("CONSUME q 5\n");
    EXPECT_EQ(b.lines(2), (Lines{"MSG 3 text", "END 1"}));
    b.send("CONSUME q 5\n");
    EXPECT_EQ(b.line(), "END 0");
    b.end_sending();
    EXPECT_EQ(b.line(), "(end)");
  }
  // b is gone without a word: what it had is handed out again.
  a.send("CONSUME q\n");
  EXPECT_EQ(a.lines(2), (Lines{"MSG 3 text", "END 1"}));
  // An acknowledged message is not held any more, not even by who had it.
  a.send("ACK 1\n");
  answers_.confirmed(driver_.take("ACK 1"), 4);
  EXPECT_EQ(a.line(), "OK 4");
  a.send("CONSUME q 5\n");
  EXPECT_EQ(a.lines(2), (Lines{"MSG 1 text", "END 1"}));
}

TEST_F(MinibrokerServerTest, HandsOutSoManyAndNoMore) {
  fill(2 * Server::max_lent);
  LineClient a = client();
  for (std::size_t i = 0; i < Server::max_lent / Server::max_consume; ++i) {
    a.send("CONSUME q " + std::to_string(Server::max_consume) + "\n");
    EXPECT_EQ(a.lines(Server::max_consume + 1).back(),
              "END " + std::to_string(Server::max_consume));
  }
  EXPECT_EQ(a.ask("CONSUME q " + std::to_string(Server::max_consume)).substr(0, 4), "ERR ");
  LineClient b = client();
  EXPECT_EQ(b.ask("CONSUME q").substr(0, 4), "MSG ");
}

TEST_F(MinibrokerServerTest, AJoinersConnectionGetsTheCopyAndEnds) {
  const std::string ticket = "6f1d9a1e-3c0b-4d7e-9a55-0c2f4b8e7d11";
  ASSERT_TRUE(broker_.give_update({storemark::parse_uuid(ticket).value(), {}, "joiner", ""}));
  LineClient joiner = client();
  EXPECT_EQ(joiner.ask("UPDATE " + ticket).substr(0, 5), "COPY ");
  while (joiner.line() != "(end)") {
  }
  EXPECT_EQ(client().ask("UPDATE " + ticket), "ERR no such ticket");
}

TEST_F(MinibrokerServerTest, SaysAtTheEndWhatIsKnown) {
  LineClient a = client();
  LineClient b = client();
  a.send("PUB q one\nPUB q two\n");
  const std::uint64_t one = driver_.take("PUB q one");
  driver_.await_tried(2);
  b.send("STATUS\nSHUTDOWN\n");
  EXPECT_EQ(b.line(), status());
  driver_.await_tried(3);
  answers_.confirmed(one, 1);
  end(true);
  EXPECT_EQ(a.line(), "OK 1");
  EXPECT_EQ(a.line().substr(0, 4), "ERR ");
  EXPECT_EQ(a.line(), "(end)");
  EXPECT_EQ(b.lines(2), (Lines{"OK the cluster is shut down", "(end)"}));
  EXPECT_FALSE(std::filesystem::exists(socket()));
}

TEST_F(MinibrokerServerTest, AShutdownThatDidNotHappenIsNotAcknowledged) {
  LineClient a = client();
  a.send("STATUS\nSHUTDOWN\n");
  EXPECT_EQ(a.line(), status());
  driver_.await_tried(1);
  end(false);
  EXPECT_EQ(a.line().substr(0, 4), "ERR ");
}

TEST_F(MinibrokerServerTest, WithoutQuorumClientsAreToldThatItWasNotDone) {
  LineClient a = client();
  a.send("PUB q one\n");
  broker_.dropped(driver_.take("PUB q one"));
  EXPECT_EQ(a.line(), "ERR not done, no quorum: send it again");
  driver_.active = false;
  driver_.phase = storemark::MemberPhase::suspended;
  EXPECT_EQ(a.ask("PUB q one"), "ERR not done, no quorum: send it again");
  driver_.phase = storemark::MemberPhase::updating;
  EXPECT_EQ(a.ask("PUB q one").find("quorum"), std::string::npos);
}

TEST_F(MinibrokerServerTest, MembersShowATicketAndNothingElse) {
  const Listener listener(directory_ / "updates");
  Server updates(listener, driver_, broker_, answers_, Callers::members);
  const std::string number = "6f1d9a1e-3c0b-4d7e-9a55-0c2f4b8e7d11";
  for (const std::string& line : {std::string("STATUS"), std::string("PUB q text"),
                                  std::string("SHUTDOWN"), "UPDATE " + number}) {
    LineClient stranger(directory_ / "updates");
    EXPECT_EQ(stranger.ask(line), "ERR no such ticket");
    EXPECT_EQ(stranger.line(), "(end)");
  }
  LineClient verbose(directory_ / "updates");
  verbose.send(std::string(100, 'x'));  // no line yet
  EXPECT_EQ(verbose.line(), "ERR no such ticket");
  EXPECT_EQ(driver_.published(), 0U);
  fill(1);
  ASSERT_TRUE(broker_.give_update({storemark::parse_uuid(number).value(), {}, "c", {}}));
  LineClient joiner(directory_ / "updates");
  EXPECT_EQ(joiner.ask("UPDATE " + number).substr(0, 5), "COPY ");
}

TEST_F(MinibrokerServerTest, SteppedDownItLeavesNobodyWaiting) {
  LineClient a = client();
  a.send("PUB q one\n");
  const std::uint64_t one = driver_.take("PUB q one");
  broker_.stepped_down();
  EXPECT_EQ(a.line().substr(0, 4), "ERR ");
  answers_.confirmed(one, 1);  // too late to be of use
  a.send("PUB q two\n");
  answers_.confirmed(driver_.take("PUB q two"), 2);
  EXPECT_EQ(a.line(), "OK 2");
}

TEST_F(MinibrokerServerTest, TakesTheSocketOfADeadOneAndNotOfALiveOne) {
  EXPECT_THROW(Listener{socket()}, std::system_error);
  EXPECT_EQ(client().ask("STATUS"), status());
  end(true);
  {
    const Listener dead(directory_ / "dead");
    std::filesystem::rename(directory_ / "dead", socket());
  }
  ASSERT_TRUE(std::filesystem::exists(socket()));
  start();
  EXPECT_EQ(client().ask("STATUS"), status());
  EXPECT_EQ(std::filesystem::status(socket()).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_THROW(Listener(directory_ / std::string(200, 'x')), std::system_error);
  std::ofstream(directory_ / "file") << "not ours";
  EXPECT_THROW(Listener(directory_ / "file"), std::system_error);
  EXPECT_TRUE(std::filesystem::exists(directory_ / "file"));
}

TEST_F(MinibrokerServerTest, OneMoreClientWaitsForItsTurn) {
  std::vector<LineClient> clients;
  for (std::size_t i = 0; i < Server::max_clients; ++i) {
    clients.push_back(client());
    EXPECT_EQ(clients.back().ask("STATUS"), status());
  }
  LineClient late = client();
  late.send("STATUS\n");
  EXPECT_EQ(clients.front().ask("STATUS"), status());
  clients.pop_back();
  EXPECT_EQ(late.line(), status());
}

std::chrono::nanoseconds processor_time() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

TEST_F(MinibrokerServerTest, WithoutDescriptorsItWaitsForOne) {
  LineClient served = client();
  EXPECT_EQ(served.ask("STATUS"), status());
  LineClient early;
  LineClient late;
  const int free = ::dup(early.descriptor());
  ::close(free);
  rlimit usual{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &usual), 0);
  const rlimit none{static_cast<rlim_t>(free), usual.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  early.connect(socket());  // some kernels have a descriptor in hand for the next caller
  late.connect(socket());
  early.send("STATUS\n");
  late.send("STATUS\n");
  const auto before = processor_time();
  EXPECT_FALSE(wait_for(late.descriptor(), POLLIN, std::chrono::milliseconds(500)));
  EXPECT_LT(processor_time() - before, std::chrono::milliseconds(50)) << "it must not spin";
  served.send("STATUS\n");
  EXPECT_TRUE(wait_for(served.descriptor(), POLLIN, std::chrono::seconds(60)));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &usual), 0);
  for (LineClient* each : {&served, &early, &late}) EXPECT_EQ(each->line(), status());
}

}  // namespace
}  // namespace minibroker
