// SPDX-License-Identifier: Apache-2.0
// The server between real sockets and a backend that does what the test says.
#include <sys/socket.h>

#include <condition_variable>
#include <deque>
#include <optional>
#include <thread>

#include "line_client.hpp"
#include "server.hpp"
#include "store_directory.hpp"

namespace minibroker {
namespace {

using Lines = std::vector<std::string>;

/// Remembers what was published; answers when it is told to.
class ScriptedBackend final : public Backend {
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
  storemark::Result<void> browse(std::string_view queue, const QueueStore::Visit& visit) override {
    {
      const std::lock_guard lock(mutex_);
      ++browsed_;
      changed_.notify_all();
    }
    for (std::uint64_t id = 1; id <= messages; ++id) {
      if (!visit({queue, id, text})) break;
    }
    return {};
  }
  std::string status() override { return "as scripted"; }
  storemark::Result<void> shut_down() override { return {}; }
  void leave() override {}
  bool give(const storemark::Uuid& ticket, Descriptor& joiner) override {
    if (ticket.is_nil()) return false;
    given = std::move(joiner);
    return ::send(given.get(), "yours\n", 6, 0) == 6;
  }

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
  int browsed() {
    const std::lock_guard lock(mutex_);
    return browsed_;
  }
  std::size_t published() {
    const std::lock_guard lock(mutex_);
    return published_.size();
  }

  std::atomic<bool> active = true;
  std::uint64_t messages = 0;
  std::string text = "text";
  Descriptor given;

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
  int browsed_ = 0;
  std::deque<std::pair<std::string, std::uint64_t>> published_;
};

class MinibrokerServerTest : public StoreDirectory {
 protected:
  MinibrokerServerTest() { start(); }
  ~MinibrokerServerTest() override { end("the test is over"); }

  void start() {
    server_.emplace(socket());
    thread_ = std::thread([this] { server_->run(backend_); });
  }
  void end(const std::string& why) {
    if (!thread_.joinable()) return;
    server_->ended(why);
    thread_.join();
    server_.reset();
  }
  [[nodiscard]] std::filesystem::path socket() const { return directory_ / "socket"; }
  LineClient client() const { return LineClient(socket()); }

  ScriptedBackend backend_;
  std::optional<Server> server_;
  std::thread thread_;
};

TEST_F(MinibrokerServerTest, AnswersInTheOrderOfRequestsWhenConfirmed) {
  LineClient a = client();
  a.send("PUB q one\nPUB q\nACK 7\nPUB q two\n");
  const std::uint64_t one = backend_.take("P\x01qone");
  const std::uint64_t ack = backend_.take(std::string("A\x07\0\0\0\0\0\0\0", 9));
  const std::uint64_t two = backend_.take("P\x01qtwo");
  LineClient b = client();
  EXPECT_EQ(b.ask("STATUS"), "STATUS as scripted");  // while a waits
  server_->confirmed(two, 12);
  server_->confirmed(one, 10);
  server_->confirmed(ack, 11);
  EXPECT_EQ(a.lines(4), (Lines{"OK 10", "ERR no text: PUB queue text", "OK 11", "OK 12"}));
}

TEST_F(MinibrokerServerTest, WhoLooksSeesWhatHeHasPublished) {
  backend_.messages = 1;
  LineClient a = client();
  a.send("PUB q one\nCONSUME q\nPUB q two\nSTATUS\n");
  const std::uint64_t one = backend_.take("P\x01qone");
  EXPECT_EQ(client().ask("STATUS"), "STATUS as scripted");
  EXPECT_EQ(backend_.browsed(), 0);
  EXPECT_EQ(backend_.published(), 0U);
  server_->confirmed(one, 1);
  EXPECT_EQ(a.lines(3), (Lines{"OK 1", "MSG 1 text", "END 1"}));
  server_->confirmed(backend_.take("P\x01qtwo"), 2);
  EXPECT_EQ(a.lines(2), (Lines{"OK 2", "STATUS as scripted"}));
}

TEST_F(MinibrokerServerTest, NamesWhatIsWrongAndGoesOn) {
  LineClient a = client();
  EXPECT_EQ(a.ask("NONSENSE").substr(0, 4), "ERR ");
  EXPECT_EQ(a.ask("PUB q").substr(0, 4), "ERR ");
  EXPECT_EQ(a.ask("UPDATE 00000000-0000-0000-0000-000000000000"), "ERR no such ticket");
  EXPECT_EQ(a.ask("PUB q " + std::string(5'000'000, 'x')).substr(0, 10), "ERR a line");
  a.send(std::string(max_line_bytes + 1, 'y') + "\nSTATUS\n" + std::string(70'000, 'z') + "\n");
  EXPECT_EQ(a.line().substr(0, 10), "ERR a line");
  EXPECT_EQ(a.line(), "STATUS as scripted");
  EXPECT_EQ(a.line().substr(0, 10), "ERR a line");
  backend_.active = false;
  EXPECT_EQ(a.ask("PUB q text").substr(0, 9), "ERR SM405");
  EXPECT_EQ(a.ask("STATUS"), "STATUS as scripted");
}

TEST_F(MinibrokerServerTest, TakesTheLongestLine) {
  LineClient a = client();
  const std::string text(max_line_bytes - 6, 'x');
  a.send("PUB q " + text + "\n");
  server_->confirmed(backend_.take("P\x01q" + text), 1);
  EXPECT_EQ(a.line(), "OK 1");
}

TEST_F(MinibrokerServerTest, HalfALineIsNoRequest) {
  LineClient a = client();
  a.send("STATUS\nPUB q half");
  a.end_sending();
  EXPECT_EQ(a.lines(2), (Lines{"STATUS as scripted", "(end)"}));
  EXPECT_EQ(backend_.published(), 0U);
}

TEST_F(MinibrokerServerTest, WhoSaysNoMoreGetsHisAnswers) {
  LineClient a = client();
  a.send("PUB q one\nPUB q two\n");
  a.end_sending();
  server_->confirmed(backend_.take("P\x01qone"), 1);
  server_->confirmed(backend_.take("P\x01qtwo"), 2);
  EXPECT_EQ(a.lines(3), (Lines{"OK 1", "OK 2", "(end)"}));
}

TEST_F(MinibrokerServerTest, WaitsForRoomAndServesTheOthers) {
  backend_.set_full(true);
  LineClient a = client();
  a.send("PUB q one\nPUB q two\n");
  backend_.await_tried(1);
  LineClient b = client();
  EXPECT_EQ(b.ask("STATUS"), "STATUS as scripted");
  EXPECT_EQ(backend_.published(), 0U);
  backend_.set_full(false);
  server_->room();
  server_->confirmed(backend_.take("P\x01qone"), 1);
  server_->confirmed(backend_.take("P\x01qtwo"), 2);
  EXPECT_EQ(a.lines(2), (Lines{"OK 1", "OK 2"}));
}

TEST_F(MinibrokerServerTest, ReadsNoMoreThanItHasRoomForAnswers) {
  LineClient a = client();
  std::string requests;
  for (int i = 0; i < 200'000; ++i) requests += "PUB q x\n";
  std::size_t sent = a.offer(requests);
  backend_.await_published(Client::max_waiting);
  LineClient b = client();
  EXPECT_EQ(b.ask("STATUS"), "STATUS as scripted");
  while (const std::size_t more = a.offer(requests.substr(sent))) sent += more;
  EXPECT_LT(sent, requests.size());
  EXPECT_EQ(b.ask("STATUS"), "STATUS as scripted");
  EXPECT_EQ(backend_.published(), Client::max_waiting);
  server_->confirmed(backend_.take("P\x01qx"), 1);
  EXPECT_EQ(a.line(), "OK 1");
  backend_.await_published(Client::max_waiting);
}

TEST_F(MinibrokerServerTest, AClientThatReadsNothingCostsBoundedMemory) {
  backend_.messages = Client::max_leases;
  backend_.text = std::string(60'000, 'x');
  LineClient slow = client();
  std::string requests;
  for (int i = 0; i < 1000; ++i) requests += "CONSUME q\n";
  slow.send(requests);
  LineClient b = client();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(b.ask("STATUS"), "STATUS as scripted");
  // What a socket holds, and one bound's worth of answers: far from a thousand.
  EXPECT_LT(backend_.browsed(), 100);
  for (int i = 1; i <= 1000; ++i) {
    EXPECT_EQ(slow.line().substr(0, 8), ("MSG " + std::to_string(i) + " xxxxx").substr(0, 8));
    EXPECT_EQ(slow.line(), "END 1");
  }
}

TEST_F(MinibrokerServerTest, AMessageIsHandedToOneAtATime) {
  backend_.messages = 3;
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
  server_->confirmed(backend_.take(std::string("A\x01\0\0\0\0\0\0\0", 9)), 4);
  EXPECT_EQ(a.line(), "OK 4");
  a.send("CONSUME q 5\n");
  EXPECT_EQ(a.lines(2), (Lines{"MSG 1 text", "END 1"}));
}

TEST_F(MinibrokerServerTest, HandsOutSoManyAndNoMore) {
  backend_.messages = 2 * Client::max_leases;
  LineClient a = client();
  for (std::size_t i = 0; i < Client::max_leases / max_consume; ++i) {
    a.send("CONSUME q " + std::to_string(max_consume) + "\n");
    EXPECT_EQ(a.lines(max_consume + 1).back(), "END " + std::to_string(max_consume));
  }
  EXPECT_EQ(a.ask("CONSUME q " + std::to_string(max_consume)).substr(0, 4), "ERR ");
  LineClient b = client();
  EXPECT_EQ(b.ask("CONSUME q").substr(0, 4), "MSG ");
}

TEST_F(MinibrokerServerTest, AJoinersConnectionGoesToTheDonor) {
  LineClient joiner = client();
  EXPECT_EQ(joiner.ask("UPDATE 6f1d9a1e-3c0b-4d7e-9a55-0c2f4b8e7d11"), "yours");
  backend_.given = Descriptor();
  EXPECT_EQ(joiner.line(), "(end)");  // nobody else held it
}

TEST_F(MinibrokerServerTest, SaysAtTheEndWhatIsKnown) {
  LineClient a = client();
  LineClient b = client();
  a.send("PUB q one\nPUB q two\n");
  const std::uint64_t one = backend_.take("P\x01qone");
  backend_.await_tried(2);
  b.send("STATUS\nSHUTDOWN\n");
  EXPECT_EQ(b.line(), "STATUS as scripted");
  server_->confirmed(one, 1);
  end("");
  EXPECT_EQ(a.line(), "OK 1");
  EXPECT_EQ(a.line().substr(0, 4), "ERR ");
  EXPECT_EQ(a.line(), "(end)");
  EXPECT_EQ(b.lines(2), (Lines{"OK the cluster is shut down", "(end)"}));
  EXPECT_FALSE(std::filesystem::exists(socket()));
}

TEST_F(MinibrokerServerTest, AShutdownThatDidNotHappenIsNotAcknowledged) {
  LineClient a = client();
  a.send("STATUS\nSHUTDOWN\n");
  EXPECT_EQ(a.line(), "STATUS as scripted");
  end("something broke");
  EXPECT_EQ(a.line().substr(0, 4), "ERR ");
}

TEST_F(MinibrokerServerTest, SteppedDownItLeavesNobodyWaiting) {
  LineClient a = client();
  a.send("PUB q one\n");
  const std::uint64_t one = backend_.take("P\x01qone");
  server_->stepped_down();
  EXPECT_EQ(a.line().substr(0, 4), "ERR ");
  server_->confirmed(one, 1);  // too late to be of use
  a.send("PUB q two\n");
  server_->confirmed(backend_.take("P\x01qtwo"), 2);
  EXPECT_EQ(a.line(), "OK 2");
}

TEST_F(MinibrokerServerTest, TakesTheSocketOfADeadOneAndNotOfALiveOne) {
  EXPECT_THROW(Server{socket()}, std::system_error);
  EXPECT_EQ(client().ask("STATUS"), "STATUS as scripted");
  end("");
  { Descriptor dead = listen_at(socket()); }
  ASSERT_TRUE(std::filesystem::exists(socket()));
  start();
  EXPECT_EQ(client().ask("STATUS"), "STATUS as scripted");
  EXPECT_EQ(std::filesystem::status(socket()).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_THROW(listen_at(directory_ / std::string(200, 'x')), std::system_error);
}

TEST_F(MinibrokerServerTest, OneMoreClientWaitsForItsTurn) {
  std::vector<LineClient> clients;
  for (std::size_t i = 0; i < Server::max_clients; ++i) {
    clients.push_back(client());
    EXPECT_EQ(clients.back().ask("STATUS"), "STATUS as scripted");
  }
  LineClient late = client();
  late.send("STATUS\n");
  EXPECT_EQ(clients.front().ask("STATUS"), "STATUS as scripted");
  clients.pop_back();
  EXPECT_EQ(late.line(), "STATUS as scripted");
}

}  // namespace
}  // namespace minibroker
