// SPDX-License-Identifier: Apache-2.0
#include "message_store.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace store_module {
namespace {

namespace fs = std::filesystem;

class MessageStoreTest : public testing::Test {
 protected:
  MessageStoreTest() {
    std::string name = (fs::temp_directory_path() / "message_store.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = name;
  }
  ~MessageStoreTest() override { fs::remove_all(directory_); }

  static std::vector<std::string> messages(const MessageStore& store) {
    std::vector<std::string> all;
    store.for_each([&](std::string_view message) { all.emplace_back(message); });
    return all;
  }

  fs::path directory_;
};

TEST_F(MessageStoreTest, NewStoreHoldsNothing) {
  const MessageStore store(directory_);
  EXPECT_TRUE(store.holds_nothing());
  EXPECT_EQ(store.head(), Head{});
  EXPECT_EQ(store.recomputed_digest(), Digest{});
}

TEST_F(MessageStoreTest, ReadingMakesNoStore) {
  EXPECT_THROW(MessageStore(directory_, Access::read), StoreError);
  EXPECT_TRUE(fs::is_empty(directory_));
}

TEST_F(MessageStoreTest, KeepsWhatWasAppended) {
  const std::vector<std::string> told{"one", "", std::string("nul\0inside", 10), "four"};
  Head head;
  {
    MessageStore store(directory_);
    for (const std::string& message : told) store.append(message);
    head = store.head();
  }
  const MessageStore store(directory_);
  EXPECT_EQ(messages(store), told);
  EXPECT_EQ(store.head(), head);
  EXPECT_EQ(head.messages, told.size());
  EXPECT_EQ(head.sequence, told.size());
  EXPECT_EQ(store.recomputed_digest(), head.digest);
}

TEST_F(MessageStoreTest, DigestTellsOrderAndBoundariesApart) {
  const auto digest = [](const std::vector<std::string>& told) {
    Digest all{};
    for (const std::string& message : told) all = chain(all, message);
    return all;
  };
  EXPECT_NE(digest({"a", "b"}), digest({"b", "a"}));
  EXPECT_NE(digest({"ab"}), digest({"a", "b"}));
  EXPECT_NE(digest({"a"}), digest({"a", ""}));
  EXPECT_NE(digest({""}), Digest{});
}

TEST_F(MessageStoreTest, RaisedSequenceCountsOn) {
  {
    MessageStore store(directory_);
    store.append("one");
    store.raise_sequence(10);
    EXPECT_EQ(store.head().messages, 1U);
    EXPECT_THROW(store.raise_sequence(9), StoreError);
    store.append("two");
  }
  const Head head = MessageStore(directory_).head();
  EXPECT_EQ(head.messages, 2U);
  EXPECT_EQ(head.sequence, 11U);
}

TEST_F(MessageStoreTest, GrowsWithItsContent) {
  MessageStore store(directory_);
  const std::string large(std::size_t{3} << 20, 'x');  // more than LMDB's first map
  for (int i = 0; i < 5; ++i) store.append(large);
  EXPECT_EQ(store.head().messages, 5U);
  EXPECT_EQ(store.recomputed_digest(), store.head().digest);
}

TEST_F(MessageStoreTest, ReplacedByAnothersContentAndTheOldIsKept) {
  const fs::path donor_directory = directory_ / "donor";
  const fs::path joiner_directory = directory_ / "joiner";
  fs::create_directory(donor_directory);
  fs::create_directory(joiner_directory);
  MessageStore donor(donor_directory);
  donor.append("new");
  MessageStore(joiner_directory).append("old");
  fs::create_directory(joiner_directory / "messages.incoming");  // of an update cut short

  MessageStore::replace(joiner_directory, donor);
  donor.append("later");
  EXPECT_EQ(messages(MessageStore(joiner_directory)), std::vector<std::string>{"new"});
  MessageStore::replace(joiner_directory, donor);
  const MessageStore joiner(joiner_directory);
  EXPECT_EQ(messages(joiner), (std::vector<std::string>{"new", "later"}));
  EXPECT_EQ(joiner.head(), donor.head());

  EXPECT_FALSE(fs::exists(joiner_directory / "messages.incoming"));
  EXPECT_TRUE(fs::exists(joiner_directory / "messages.before-update.2" / "data.mdb"));
  const fs::path aside = directory_ / "aside";
  fs::create_directory(aside);
  fs::rename(joiner_directory / "messages.before-update.1", aside / MessageStore::subdirectory);
  EXPECT_EQ(messages(MessageStore(aside)), std::vector<std::string>{"old"});
}

TEST_F(MessageStoreTest, RefusesAFileThatIsNoStore) {
  fs::create_directory(directory_ / MessageStore::subdirectory);
  std::ofstream(directory_ / MessageStore::subdirectory / "data.mdb") << std::string(8192, 'x');
  EXPECT_THROW(MessageStore store(directory_), StoreError);
}

TEST_F(MessageStoreTest, SurvivesAKilledWriter) {
  int acknowledged[2];
  ASSERT_EQ(::pipe(acknowledged), 0);
  const pid_t writer = ::fork();
  ASSERT_GE(writer, 0);
  if (writer == 0) {
    MessageStore store(directory_);
    for (int n = 1;; ++n) {
      store.append(std::to_string(n));
      if (::write(acknowledged[1], &n, sizeof n) != sizeof n) ::_exit(1);
    }
  }
  ::close(acknowledged[1]);
  int last = 0;
  while (last < 50 && ::read(acknowledged[0], &last, sizeof last) == sizeof last) {
  }
  ::kill(writer, SIGKILL);
  while (::read(acknowledged[0], &last, sizeof last) == sizeof last) {
  }
  ::close(acknowledged[0]);
  ASSERT_EQ(::waitpid(writer, nullptr, 0), writer);

  MessageStore store(directory_);
  const std::uint64_t held = store.head().messages;
  EXPECT_GE(held, static_cast<std::uint64_t>(last));
  EXPECT_LE(held, static_cast<std::uint64_t>(last) + 1);
  EXPECT_EQ(store.recomputed_digest(), store.head().digest);
  store.append("after");
  EXPECT_EQ(messages(store).back(), "after");
}

}  // namespace
}  // namespace store_module
