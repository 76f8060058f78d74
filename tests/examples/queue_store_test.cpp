// SPDX-License-Identifier: Apache-2.0
#include "queue_store.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "store_directory.hpp"

namespace minibroker {
namespace {

namespace fs = std::filesystem;

using QueueStoreTest = StoreDirectory;

std::vector<std::string> texts(const QueueStore& store, std::string_view queue) {
  std::vector<std::string> all;
  store.browse(queue, [&](const Message& message) {
    all.push_back(std::to_string(message.id) + " " + std::string(message.text));
    return true;
  });
  return all;
}

TEST_F(QueueStoreTest, NewStoreHoldsNothing) {
  EXPECT_FALSE(QueueStore::exists(directory_));
  const QueueStore store(directory_, Access::durable);
  EXPECT_TRUE(QueueStore::exists(directory_));
  EXPECT_EQ(store.head(), Head{});
  EXPECT_EQ(store.counted(), Head{});
}

TEST_F(QueueStoreTest, ReadingMakesNoStore) {
  EXPECT_THROW(QueueStore(directory_, Access::read), std::runtime_error);
  EXPECT_TRUE(fs::is_empty(directory_));
}

TEST_F(QueueStoreTest, KeepsEachQueueInOrder) {
  {
    QueueStore store(directory_, Access::durable);
    store.publish(1, "b", "one");
    store.publish(2, "a", "");
    store.publish(3, "b", std::string("nul\0inside", 10));
    store.publish(4, "b.2", "another queue, whose name begins alike");
    for (std::uint64_t n = 5; n <= 300; ++n) store.publish(n, "c", std::to_string(n));
    store.commit();
  }
  const QueueStore store(directory_, Access::durable);
  EXPECT_EQ(texts(store, "a"), std::vector<std::string>{"2 "});
  EXPECT_EQ(texts(store, "b"),
            (std::vector<std::string>{"1 one", "3 " + std::string("nul\0inside", 10)}));
  const auto many = texts(store, "c");
  ASSERT_EQ(many.size(), 296U);
  EXPECT_EQ(many.front(), "5 5");
  EXPECT_EQ(many.back(), "300 300");
  EXPECT_TRUE(texts(store, "none").empty());
  EXPECT_EQ(store.head().messages, 300U);
  EXPECT_EQ(store.head().sequence, 300U);
  EXPECT_EQ(store.counted(), store.head());
}

TEST_F(QueueStoreTest, AcknowledgedMessagesGoOnceAndAreCounted) {
  QueueStore store(directory_, Access::durable);
  store.publish(1, "q", "one");
  store.commit();
  const Head one = store.head();
  store.publish(2, "q", "two");
  store.acknowledge(3, 2);
  store.acknowledge(4, 2);
  store.acknowledge(5, 77);
  store.commit();
  EXPECT_EQ(texts(store, "q"), std::vector<std::string>{"1 one"});
  EXPECT_EQ(store.head(), (Head{1, 5, one.digest_low, one.digest_high}));
  EXPECT_EQ(store.counted(), store.head());
  store.acknowledge(6, 1);
  store.commit();
  EXPECT_EQ(store.head(), (Head{0, 6, 0, 0}));
}

TEST_F(QueueStoreTest, DigestTellsQueueIdAndTextApart) {
  const auto digest = [&](const std::vector<std::pair<std::string, std::string>>& messages) {
    fs::remove_all(directory_ / QueueStore::subdirectory);
    QueueStore store(directory_, Access::unsynced);
    std::uint64_t n = 0;
    for (const auto& [queue, text] : messages) store.publish(++n, queue, text);
    store.commit();
    return std::pair(store.head().digest_low, store.head().digest_high);
  };
  const auto told = digest({{"q", "a"}, {"q", "b"}});
  EXPECT_EQ(told, digest({{"q", "a"}, {"q", "b"}}));
  EXPECT_NE(told, digest({{"q", "b"}, {"q", "a"}}));
  EXPECT_NE(told, digest({{"p", "a"}, {"q", "b"}}));
  EXPECT_NE(told, digest({{"q", "a"}, {"q", "bb"}}));
}

TEST_F(QueueStoreTest, EventsComeOneByOne) {
  const auto refuses = [&](const auto& change) {
    fs::remove_all(directory_ / QueueStore::subdirectory);
    QueueStore store(directory_, Access::unsynced);
    store.publish(1, "q", "one");
    store.commit();
    EXPECT_THROW(change(store), std::runtime_error);
    // Nothing is written after that, also not what came before it.
    EXPECT_THROW(store.publish(2, "q", "two"), std::runtime_error);
    EXPECT_THROW(store.commit(), std::runtime_error);
    EXPECT_EQ(store.head().sequence, 1U);
  };
  refuses([](QueueStore& store) { store.publish(3, "q", "a gap"); });
  refuses([](QueueStore& store) { store.publish(1, "q", "again"); });
  refuses([](QueueStore& store) { store.acknowledge(1, 1); });
  refuses([](QueueStore& store) {
    store.publish(2, "q", "two");
    store.raise_sequence(1);
  });
}

TEST_F(QueueStoreTest, RaisedSequenceCountsOn) {
  QueueStore store(directory_, Access::durable);
  store.raise_sequence(0);
  store.publish(1, "q", "one");
  store.raise_sequence(10);
  store.publish(11, "q", "two");
  store.commit();
  EXPECT_EQ(texts(store, "q"), (std::vector<std::string>{"1 one", "11 two"}));
  EXPECT_EQ(store.head().sequence, 11U);
}

TEST_F(QueueStoreTest, UncommittedChangesAreNotSeenAndGoWithAbandon) {
  QueueStore store(directory_, Access::durable);
  store.publish(1, "q", "one");
  EXPECT_EQ(store.head(), Head{});
  EXPECT_TRUE(texts(store, "q").empty());
  store.abandon();
  EXPECT_THROW(store.publish(1, "q", "one"), std::runtime_error);
  EXPECT_EQ(store.head(), Head{});
}

TEST_F(QueueStoreTest, BrowsingStopsWhenAsked) {
  QueueStore store(directory_, Access::durable);
  for (std::uint64_t n = 1; n <= 5; ++n) store.publish(n, "q", "x");
  store.commit();
  int visited = 0;
  store.browse("q", [&](const Message&) { return ++visited < 2; });
  EXPECT_EQ(visited, 2);
}

TEST_F(QueueStoreTest, CountingStopsWhenAsked) {
  QueueStore store(directory_, Access::durable);
  for (std::uint64_t n = 1; n <= 5; ++n) store.publish(n, "q", "x");
  store.commit();
  int asked = 0;
  EXPECT_NE(store.counted([&] { return ++asked < 2; }), store.head());
  EXPECT_EQ(asked, 2);
}

TEST_F(QueueStoreTest, ChangedMessageIsFoundByCounting) {
  {
    QueueStore store(directory_, Access::durable);
    store.publish(1, "q", "a message to be found");
    store.commit();
  }
  const fs::path data = directory_ / QueueStore::subdirectory / QueueStore::data_file;
  std::ifstream file(data, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::size_t at = 0;
  std::size_t found = 0;
  for (; (at = bytes.find("a message to be", at)) != std::string::npos; ++found) bytes[at] = 'A';
  ASSERT_GT(found, 0U);
  std::ofstream(data, std::ios::binary) << bytes;
  const QueueStore store(directory_, Access::durable);
  EXPECT_NE(store.counted(), store.head());
}

TEST_F(QueueStoreTest, RefusesAFileThatIsNoStore) {
  fs::create_directory(directory_ / QueueStore::subdirectory);
  std::ofstream(directory_ / QueueStore::subdirectory / QueueStore::data_file)
      << std::string(8192, 'x');
  EXPECT_THROW(QueueStore(directory_, Access::durable), std::runtime_error);
}

TEST_F(QueueStoreTest, SurvivesAKilledWriter) {
  int committed[2];
  ASSERT_EQ(::pipe(committed), 0);
  const pid_t writer = ::fork();
  ASSERT_GE(writer, 0);
  if (writer == 0) {
    QueueStore store(directory_, Access::durable);
    for (std::uint64_t n = 1;; n += 3) {
      store.publish(n, "q", std::to_string(n));
      store.publish(n + 1, "q", "for a moment");
      store.acknowledge(n + 2, n + 1);
      store.commit();
      if (::write(committed[1], &n, sizeof n) != sizeof n) ::_exit(1);
    }
  }
  ::close(committed[1]);
  std::uint64_t last = 0;
  while (last < 100 && ::read(committed[0], &last, sizeof last) == sizeof last) {
  }
  ::kill(writer, SIGKILL);
  while (::read(committed[0], &last, sizeof last) == sizeof last) {
  }
  ::close(committed[0]);
  ASSERT_EQ(::waitpid(writer, nullptr, 0), writer);

  QueueStore store(directory_, Access::durable);
  const Head head = store.head();
  EXPECT_GE(head.sequence, last + 2);
  EXPECT_LE(head.sequence, last + 5);
  EXPECT_EQ(head.sequence, 3 * head.messages);
  EXPECT_EQ(store.counted(), head);
  store.publish(head.sequence + 1, "q", "after");
  store.commit();
}

}  // namespace
}  // namespace minibroker
