// SPDX-License-Identifier: Apache-2.0
#include "io/quota.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>

#include "io_fixture.hpp"

namespace storemark::io {
namespace {

namespace fs = std::filesystem;

/// A root with the files of control groups.
class QuotaTest : public IoTest {
 protected:
  void has(const std::string& name, const std::string& text) {
    const fs::path file = path() / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text << "\n";
  }
  [[nodiscard]] bool limited() const { return has_processor_quota(path()); }
};

const std::string v2 = "sys/fs/cgroup/";
const std::string v1 = "sys/fs/cgroup/cpu,cpuacct/";

TEST_F(QuotaTest, WhereNothingIsKnownThereIsNone) {
  EXPECT_FALSE(limited());
  has("proc/self/cgroup", "nonsense\n::\n0:\n0::/nowhere");
  EXPECT_FALSE(limited());
}

TEST_F(QuotaTest, OfTheOwnGroup) {
  has("proc/self/cgroup", "0::/a/b");
  has(v2 + "a/b/cpu.max", "max 100000");
  EXPECT_FALSE(limited());
  has(v2 + "a/b/cpu.max", "50000 100000");
  EXPECT_TRUE(limited());
  has(v2 + "a/b/cpu.max", "nonsense");
  EXPECT_FALSE(limited());
}

TEST_F(QuotaTest, OfAGroupAboveIt) {
  has("proc/self/cgroup", "0::/a/b");
  has(v2 + "a/b/cpu.max", "max 100000");
  has(v2 + "a/cpu.max", "50000 100000");
  EXPECT_TRUE(limited());
}

TEST_F(QuotaTest, OfAContainerThatSeesItselfAsTheTopmost) {
  has("proc/self/cgroup", "0::/");
  has(v2 + "cpu.max", "50000 100000");
  EXPECT_TRUE(limited());
}

TEST_F(QuotaTest, OfAContainerWhosePathBeginsAboveWhatItSees) {
  has("proc/self/cgroup", "1:cpu,cpuacct:/docker/id/a");
  has(v1 + "a/cpu.cfs_period_us", "100000");
  has(v1 + "a/cpu.cfs_quota_us", "-1");
  EXPECT_FALSE(limited());
  has(v1 + "a/cpu.cfs_quota_us", "50000");
  EXPECT_TRUE(limited());
}

TEST_F(QuotaTest, AsMuchAsAllProcessorsIsNone) {
  const auto processors = std::thread::hardware_concurrency();
  has("proc/self/cgroup", "0::/a");
  has(v2 + "a/cpu.max", std::to_string(processors * 100'000) + " 100000");
  EXPECT_FALSE(limited());
  has(v2 + "a/cpu.max", std::to_string(processors * 100'000 - 1) + " 100000");
  EXPECT_TRUE(limited());
}

TEST_F(QuotaTest, OfVersionOne) {
  has("proc/self/cgroup", "3:memory:/other\n1:cpu,cpuacct:/a/b\n0::/");
  has(v1 + "a/b/cpu.cfs_quota_us", "-1");
  has(v1 + "a/b/cpu.cfs_period_us", "100000");
  has(v1 + "other/cpu.cfs_quota_us", "1000");
  has(v1 + "other/cpu.cfs_period_us", "100000");
  EXPECT_FALSE(limited());
  has(v1 + "a/cpu.cfs_quota_us", "50000");
  has(v1 + "a/cpu.cfs_period_us", "100000");
  EXPECT_TRUE(limited());
}

/// A group of the kernel's with half a processor; none where it may not be made.
class LimitedGroup {
 public:
  LimitedGroup() {
    const std::string name = "storemark_test_" + std::to_string(::getpid());
    make(fs::path("/sys/fs/cgroup") / name, "cpu.max", "50000 100000");
    if (group_.empty()) make(fs::path("/sys/fs/cgroup/cpu") / name, "cpu.cfs_quota_us", "50000");
  }
  ~LimitedGroup() {
    std::error_code ignored;
    if (!group_.empty()) fs::remove(group_, ignored);
  }
  LimitedGroup(const LimitedGroup&) = delete;
  LimitedGroup& operator=(const LimitedGroup&) = delete;

  [[nodiscard]] bool take_in_this_process() const {
    return !group_.empty() && std::ofstream(group_ / "cgroup.procs") << ::getpid() << std::flush;
  }

 private:
  void make(const fs::path& group, const char* limit, const char* value) {
    std::error_code ignored;
    if (!fs::create_directory(group, ignored)) return;
    // The kernel makes the file, where it has such a limit.
    if (fs::exists(group / limit) && std::ofstream(group / limit) << value << std::flush) {
      group_ = group;
    } else {
      fs::remove(group, ignored);
    }
  }

  fs::path group_;
};

TEST(Quota, OfARealGroup) {
  const LimitedGroup group;
  const pid_t child = ::fork();
  if (child == 0) {
    if (!group.take_in_this_process()) ::_exit(2);
    ::_exit(has_processor_quota() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 2) GTEST_SKIP() << "no control group with a quota can be made here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace storemark::io
