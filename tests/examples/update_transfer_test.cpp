// SPDX-License-Identifier: Apache-2.0
// A copy of a store between a donor and a joiner, over real sockets.
#include <poll.h>
#include <sys/socket.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <semaphore>
#include <thread>

#include "queue_store.hpp"
#include "sockets.hpp"
#include "store_directory.hpp"
#include "update_giver.hpp"
#include "update_stream.hpp"
#include "update_taker.hpp"

namespace minibroker {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const storemark::Uuid ticket =
    storemark::parse_uuid("6f1d9a1e-3c0b-4d7e-9a55-0c2f4b8e7d11").value();

class Progress final : public storemark::UpdateProgress {
 public:
  void report(std::uint64_t done, std::uint64_t total) override {
    EXPECT_GT(done, done_);
    EXPECT_LE(done, total);
    done_ = done;
    total_ = total;
  }
  [[nodiscard]] bool cancelled() const override { return cancelled_; }

  std::uint64_t done_ = 0;
  std::uint64_t total_ = 0;
  std::atomic<bool> cancelled_ = false;
};

/// Answers one caller at a socket.
class OneCall {
 public:
  OneCall(const fs::path& socket, std::function<void(Descriptor)> answer)
      : listener_(listen_at(socket)), thread_([this, answer = std::move(answer)] {
          if (!wait_for(listener_.get(), POLLIN, 60s)) return;
          Descriptor caller = accept_from(listener_.get());
          std::string request(44, '\0');  // UPDATE, the ticket, the end
          for (std::size_t at = 0; at < request.size();) {
            if (!wait_for(caller.get(), POLLIN, 60s)) return;
            const ssize_t got = ::recv(caller.get(), request.data() + at, request.size() - at, 0);
            if (got <= 0) return;
            at += static_cast<std::size_t>(got);
          }
          EXPECT_EQ(request, "UPDATE " + to_string(ticket) + "\n");
          answer(std::move(caller));
        }) {}

 private:
  Descriptor listener_;
  std::jthread thread_;
};

class UpdateTransferTest : public StoreDirectory {
 protected:
  UpdateTransferTest() {
    fs::create_directory(directory_ / "donor");
    fs::create_directory(directory_ / "joiner");
    donor_ = std::make_shared<QueueStore>(directory_ / "donor", Access::durable);
  }

  void fill(std::size_t messages, std::size_t bytes) {
    const std::string text(bytes, 'x');
    for (std::size_t i = 0; i < messages; ++i) donor_->publish(++n_, "q", text);
    donor_->commit();
  }

  [[nodiscard]] fs::path socket() const { return directory_ / "socket"; }
  [[nodiscard]] fs::path joiner() const { return directory_ / "joiner"; }

  void take(Progress& progress) const {
    take_copy(joiner(), {ticket, {}, "donor", socket().string()}, progress);
  }

  /// What the giver sends.
  [[nodiscard]] std::string stream_of_donor() {
    UpdateGiver giver([](const std::string& why) { ADD_FAILURE() << why; });
    giver.allow(ticket, donor_);
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    Descriptor theirs(ends[0]);
    const Descriptor ours(ends[1]);
    EXPECT_TRUE(giver.give(ticket, theirs));
    std::string stream;
    char bytes[65536];
    for (ssize_t got = 0; (got = ::recv(ours.get(), bytes, sizeof bytes, 0)) > 0;) {
      stream.append(bytes, static_cast<std::size_t>(got));
    }
    return stream;
  }

  /// Hands the joiner this instead; why it did not take it, or nothing if it did.
  [[nodiscard]] std::string outcome_of(const std::string& stream) const {
    const OneCall donor(socket(), [&](Descriptor caller) {
      for (std::size_t at = 0; at < stream.size();) {
        if (!wait_for(caller.get(), POLLOUT, 60s)) return;
        const ssize_t sent =
            ::send(caller.get(), stream.data() + at, stream.size() - at, MSG_NOSIGNAL);
        if (sent < 0) return;
        at += static_cast<std::size_t>(sent);
      }
    });
    Progress progress;
    try {
      take(progress);
    } catch (const std::exception& error) {
      EXPECT_FALSE(QueueStore::exists(joiner()));
      return error.what();
    }
    return "";
  }

  std::shared_ptr<QueueStore> donor_;
  std::uint64_t n_ = 0;
};

/// Waits for what a giver reports.
class Reports {
 public:
  UpdateGiver::Report report() {
    return [this](const std::string& text) {
      const std::lock_guard lock(mutex_);
      text_ = text;
      changed_.notify_all();
    };
  }
  [[nodiscard]] bool there() {
    const std::lock_guard lock(mutex_);
    return !text_.empty();
  }
  std::string await() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 60s, [&] { return !text_.empty(); });
    return text_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
};

TEST_F(UpdateTransferTest, TakesTheWholeStoreAndSaysHowFar) {
  fill(500, 1000);
  UpdateGiver giver([](const std::string& why) { ADD_FAILURE() << why; });
  giver.allow(ticket, donor_);
  const OneCall call(socket(), [&](Descriptor caller) {
    ASSERT_TRUE(giver.give(ticket, caller));
    EXPECT_FALSE(giver.give(ticket, caller)) << "a ticket is good for one copy";
  });
  fs::create_directory(joiner() / "queues.incoming");  // of an update that was cut
  Progress progress;
  take(progress);
  EXPECT_EQ(progress.done_, progress.total_);
  EXPECT_GE(progress.total_, 500U * 1000U);
  const QueueStore taken(joiner(), Access::durable);
  EXPECT_EQ(taken.head(), donor_->head());
  EXPECT_EQ(taken.counted(), donor_->head());
  EXPECT_FALSE(fs::exists(joiner() / "queues.incoming"));
}

TEST_F(UpdateTransferTest, CutAnywhereItIsNoStore) {
  fill(3, 100);
  const std::string stream = stream_of_donor();
  const std::size_t head = stream.find('\n') + 1;
  ASSERT_GT(head, 1U);
  std::vector<std::size_t> cuts{0, 1, head - 1, head, head + 1, head + 4, head + 5};
  for (std::size_t back = 1; back <= 22; ++back) cuts.push_back(stream.size() - back);
  for (std::size_t at = head + 4; at < stream.size(); at += 4096) cuts.push_back(at);
  for (const std::size_t cut : cuts) {
    EXPECT_EQ(outcome_of(stream.substr(0, cut)), "the donor's copy is cut short") << cut;
  }
  EXPECT_EQ(outcome_of(stream), "");
  EXPECT_EQ(QueueStore(joiner(), Access::read).head(), donor_->head());
}

TEST_F(UpdateTransferTest, ChangedOnTheWayItIsNoStore) {
  fill(3, 100);
  const std::string stream = stream_of_donor();
  const std::size_t head = stream.find('\n') + 1;
  for (const std::size_t at : {head + 4, head + 9000, stream.size() - 17, stream.size() - 1}) {
    std::string changed = stream;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_NE(outcome_of(changed), "") << at;
  }
  EXPECT_EQ(outcome_of("COPY 99\n\xff\xff\xff\xff" + std::string(100, 'x')),
            "the donor's copy is damaged: a length makes no sense");
  EXPECT_EQ(outcome_of("ERR no such ticket\n"), "the donor answers: ERR no such ticket");
  EXPECT_EQ(outcome_of("COPY x\n"), "the donor answers: COPY x");
  EXPECT_EQ(outcome_of(std::string(10'000, 'C')), "the donor's answer has no end");
}

TEST_F(UpdateTransferTest, NobodyThereIsAnError) {
  Progress progress;
  EXPECT_THROW(take(progress), std::system_error);
  EXPECT_FALSE(QueueStore::exists(joiner()));
}

TEST_F(UpdateTransferTest, ACancelledCopyEnds) {
  Progress progress;
  Descriptor kept;
  const OneCall donor(socket(), [&](Descriptor caller) {
    kept = std::move(caller);  // and says nothing
    progress.cancelled_ = true;
  });
  try {
    take(progress);
    ADD_FAILURE() << "there was nothing to take";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "the copy is of no use any more");
  }
  EXPECT_FALSE(QueueStore::exists(joiner()));
}

TEST_F(UpdateTransferTest, HoldsWhatWasAppliedWhenItWasAskedFor) {
  fill(10, 100);
  donor_->publish(++n_, "q", "not committed when the joiner calls");
  UpdateGiver giver([](const std::string& why) { ADD_FAILURE() << why; });
  giver.allow(ticket, donor_);
  std::binary_semaphore begun{0};
  const OneCall call(socket(), [&](Descriptor caller) {
    ASSERT_TRUE(giver.give(ticket, caller));
    begun.release();
  });
  Progress progress;
  std::jthread joining([&] { take(progress); });
  ASSERT_TRUE(begun.try_acquire_for(60s));
  donor_->commit();
  joining.join();
  EXPECT_EQ(QueueStore(joiner(), Access::read).head().sequence, n_);
}

TEST_F(UpdateTransferTest, AStuckJoinerIsCutAndTheBrokerGoesOn) {
  fill(500, 4000);
  Reports reports;
  UpdateGiver giver(reports.report(), {.patience = 200ms, .growth_bytes = 1U << 30U});
  giver.allow(ticket, donor_);
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
  Descriptor theirs(ends[0]);
  const Descriptor ours(ends[1]);
  ASSERT_TRUE(giver.give(ticket, theirs));
  fill(100, 100);  // beside the copy
  EXPECT_NE(reports.await().find("takes nothing"), std::string::npos);
  EXPECT_EQ(donor_->counted(), donor_->head());
}

TEST_F(UpdateTransferTest, AStoreThatGrowsUnderASlowJoinerCutsIt) {
  fill(500, 4000);
  Reports reports;
  UpdateGiver giver(reports.report(), {.patience = 1h, .growth_bytes = 1U << 20U});
  giver.allow(ticket, donor_);
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
  Descriptor theirs(ends[0]);
  const Descriptor ours(ends[1]);
  ASSERT_TRUE(giver.give(ticket, theirs));
  for (int i = 0; i < 2000 && !reports.there(); ++i) fill(10, 4000);
  EXPECT_NE(reports.await().find("the store grows"), std::string::npos);
}

TEST_F(UpdateTransferTest, ATicketTakenBackCutsItsCopy) {
  fill(500, 4000);
  Reports reports;
  UpdateGiver giver(reports.report(), {.patience = 1h, .growth_bytes = 1U << 30U});
  giver.allow(ticket, donor_);
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
  Descriptor theirs(ends[0]);
  Descriptor ours(ends[1]);
  ASSERT_TRUE(giver.give(ticket, theirs));
  donor_->publish(++n_, "q", "a change that is open meanwhile");
  giver.end(ticket);
  donor_->commit();
  EXPECT_NE(reports.await(), "");
  EXPECT_FALSE(giver.give(ticket, ours));
}

TEST_F(UpdateTransferTest, MovesTheOldStoreToTheNextFreeNumber) {
  EXPECT_EQ(move_aside(joiner()), fs::path());
  std::vector<Head> heads;
  for (std::uint64_t n = 1; n <= 2; ++n) {
    {
      QueueStore store(joiner(), Access::durable);
      for (std::uint64_t i = 1; i <= n; ++i) store.publish(i, "q", "x");
      store.commit();
      heads.push_back(store.head());
    }
    const fs::path backup = move_aside(joiner());
    EXPECT_EQ(backup, joiner() / ("backup.000" + std::to_string(n)));
    EXPECT_FALSE(QueueStore::exists(joiner()));
  }
  for (std::size_t i = 0; i < 2; ++i) {
    fs::rename(joiner() / ("backup.000" + std::to_string(i + 1)), joiner() / "queues");
    EXPECT_EQ(QueueStore(joiner(), Access::read).head(), heads[i]);
    fs::remove_all(joiner() / "queues");
  }
}

}  // namespace
}  // namespace minibroker
