// SPDX-License-Identifier: Apache-2.0
// A copy of a store between a donor and a joiner, over real sockets.
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <functional>
#include <semaphore>
#include <thread>

#include "line_client.hpp"
#include "queue_store.hpp"
#include "store_directory.hpp"
#include "update.hpp"

namespace minibroker {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const storemark::Uuid call_ticket =
    storemark::parse_uuid("6f1d9a1e-3c0b-4d7e-9a55-0c2f4b8e7d11").value();

class Transfer final : public storemark::UpdateProgress {
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
  OneCall(const fs::path& socket, std::function<void(Stream&)> answer)
      : listener_(socket), thread_([this, answer = std::move(answer)] {
          if (!wait_for(listener_.get(), POLLIN, 60s)) return;
          Stream caller(Descriptor(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)));
          EXPECT_EQ(caller.line(), "UPDATE " + to_string(call_ticket));
          answer(caller);
        }) {}

 private:
  Listener listener_;
  std::jthread thread_;
};

bool always() { return true; }

struct Ends {
  Ends() : Ends(pair()) {}
  explicit Ends(const std::array<int, 2>& both)
      : donor(Descriptor(both[0])), joiner(Descriptor(both[1])) {}
  static std::array<int, 2> pair() {
    std::array<int, 2> both{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both.data()) != 0) {
      throw std::runtime_error("no sockets");
    }
    return both;
  }
  Stream donor;
  Stream joiner;
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

  void take(Transfer& progress) const {
    take_copy(joiner(), {call_ticket, {}, "donor", socket().string()}, progress);
  }

  /// What the donor sends.
  [[nodiscard]] std::string stream_of_donor() {
    Ends ends;
    std::jthread giving([&] {
      send_copy(*donor_, ends.donor, always);
      ends.donor.shut_down(SHUT_RDWR);
    });
    std::string stream;
    for (char byte = 0; ends.joiner.read(&byte, 1);) stream += byte;
    return stream;
  }

  /// Hands the joiner this instead; why it did not take it, or nothing if it did.
  [[nodiscard]] std::string outcome_of(const std::string& stream) const {
    const OneCall donor(socket(), [&](Stream& caller) { static_cast<void>(caller.write(stream)); });
    Transfer progress;
    try {
      take(progress);
    } catch (const std::exception& error) {
      EXPECT_FALSE(QueueStore::exists(joiner()));
      return error.what();
    }
    return "";
  }

  /// Why a copy to a joiner that takes nothing is cut. `meanwhile` runs beside it.
  [[nodiscard]] std::string cut(const GivingLimits& limits, const std::function<bool()>& wanted,
                                const std::function<void()>& meanwhile) {
    Ends ends;
    std::string why;
    std::atomic<bool> over = false;
    std::jthread giving([&] {
      try {
        send_copy(*donor_, ends.donor, wanted, limits);
      } catch (const std::exception& error) {
        why = error.what();
      }
      over = true;
    });
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!over && std::chrono::steady_clock::now() < deadline) meanwhile();
    ends.joiner.shut_down(SHUT_RDWR);  // where nothing else has cut it
    giving.join();
    return why;
  }

  std::shared_ptr<QueueStore> donor_;
  std::uint64_t n_ = 0;
};

TEST_F(UpdateTransferTest, TakesTheWholeStoreAndSaysHowFar) {
  fill(500, 1000);
  const OneCall call(socket(), [&](Stream& caller) { send_copy(*donor_, caller, always); });
  fs::create_directory(joiner() / "queues.incoming");  // of an update that was cut
  Transfer progress;
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
  EXPECT_EQ(outcome_of(std::string(10'000, 'C')), "the donor answers: " + std::string(256, 'C'));
}

TEST_F(UpdateTransferTest, NobodyThereIsAnError) {
  Transfer progress;
  EXPECT_THROW(take(progress), std::system_error);
  EXPECT_FALSE(QueueStore::exists(joiner()));
}

TEST_F(UpdateTransferTest, ACancelledCopyEnds) {
  Transfer progress;
  const OneCall donor(socket(), [&](Stream& caller) {  // says nothing
    progress.cancelled_ = true;
    EXPECT_EQ(caller.line(), std::nullopt);  // until the joiner has hung up
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
  std::binary_semaphore begun{0};
  const OneCall call(socket(), [&](Stream& caller) {
    begun.release();
    send_copy(*donor_, caller, always);
  });
  Transfer progress;
  std::jthread joining([&] { take(progress); });
  ASSERT_TRUE(begun.try_acquire_for(60s));
  donor_->commit();
  joining.join();
  EXPECT_EQ(QueueStore(joiner(), Access::read).head().sequence, n_);
}

TEST_F(UpdateTransferTest, AStuckJoinerIsCutAndTheBrokerGoesOn) {
  fill(500, 4000);
  const std::string why =
      cut({.patience = 200ms, .growth_bytes = 1U << 28U}, always, [&] { fill(1, 100); });
  EXPECT_EQ(why, "the joiner takes nothing");
  EXPECT_EQ(donor_->counted(), donor_->head());
}

TEST_F(UpdateTransferTest, AStoreThatGrowsUnderASlowJoinerCutsIt) {
  fill(500, 4000);
  const std::string why =
      cut({.patience = 1h, .growth_bytes = 1U << 20U}, always, [&] { fill(10, 4000); });
  EXPECT_EQ(why, "the joiner is so slow that the store grows");
}

TEST_F(UpdateTransferTest, ACopyThatNobodyWantsIsCut) {
  fill(500, 4000);
  std::atomic<bool> wanted = true;
  const std::string why = cut(
      {.patience = 1h, .growth_bytes = 1U << 30U}, [&] { return wanted.load(); },
      [&] { wanted = false; });
  EXPECT_EQ(why, "nobody wants it any more");
}

TEST_F(UpdateTransferTest, MovesTheOldStoreToTheNextFreeNumber) {
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
