// SPDX-License-Identifier: Apache-2.0
#include "program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace store_module {
namespace {

namespace fs = std::filesystem;

std::string content(int descriptor) {
  std::string text;
  char part[4096];
  off_t at = 0;
  for (ssize_t got = 0; (got = ::pread(descriptor, part, sizeof part, at)) > 0; at += got) {
    text.append(part, static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments)
    : out_(::memfd_create("out", MFD_CLOEXEC)), err_(::memfd_create("err", MFD_CLOEXEC)) {
  std::vector<std::string> words{STORE_MODULE};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv(words.size() + 1, nullptr);
  std::ranges::transform(words, argv.begin(), [](std::string& word) { return word.data(); });

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out_, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err_, STDERR_FILENO);
  const int error = ::posix_spawn(&pid_, STORE_MODULE, &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot run " STORE_MODULE);
}

Program::~Program() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(out_);
  ::close(err_);
}

void Program::send(int signal) const { ::kill(pid_, signal); }

Finished Program::wait() {
  int status = 0;
  if (::waitpid(pid_, &status, 0) != pid_) throw std::runtime_error("cannot wait");
  pid_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), content(out_),
          content(err_)};
}

StoreModuleTest::StoreModuleTest() {
  std::string name = (fs::temp_directory_path() / "store_module.XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  root_ = name;
}

StoreModuleTest::~StoreModuleTest() { fs::remove_all(root_); }

void StoreModuleTest::make_text(int lines) {
  std::ofstream file(root_ / "text");
  for (int n = 1; n <= lines; ++n) {
    lines_.push_back("this is line " + std::to_string(n) + std::string(n % 40U, '.'));
    file << lines_.back() << '\n';
  }
}

std::string StoreModuleTest::head_of_text(std::size_t lines) const {
  const fs::path path = root_ / ("text." + std::to_string(lines));
  std::ofstream file(path);
  for (std::size_t n = 0; n < lines; ++n) file << lines_.at(n) << '\n';
  return path;
}

std::string StoreModuleTest::store(const std::string& name) const {
  fs::create_directory(root_ / name);
  return root_ / name;
}

void StoreModuleTest::fill(const std::string& name, std::size_t lines,
                           const std::string& final) const {
  std::vector<std::string> arguments{store(name), "--initial", cluster, "--input",
                                     head_of_text(lines)};
  if (!final.empty()) arguments.insert(arguments.end(), {"--shutdown", final});
  const Finished finished = run(arguments);
  ASSERT_EQ(finished.status, 0) << finished.err;
}

std::string StoreModuleTest::copy_of(const std::string& name, int number) const {
  const fs::path copy = root_ / (name + std::to_string(number));
  fs::copy(root_ / name, copy, fs::copy_options::recursive);
  return copy;
}

Head StoreModuleTest::head(const std::string& directory) { return MessageStore(directory).head(); }

void StoreModuleTest::wait_until_held(const std::string& directory, std::uint64_t messages) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < deadline) {
    try {
      if (MessageStore(directory, Access::read).head().messages >= messages) return;
    } catch (const StoreError&) {
      // Not made yet.
    }
    pause(std::chrono::milliseconds(1));
  }
  throw std::runtime_error("store_module did not take in " + std::to_string(messages) + " lines");
}

storemark::Verdict StoreModuleTest::verdict(const std::string& directory) {
  const auto examination = storemark::examine(directory);
  if (!examination) throw std::runtime_error(to_string(examination.error()));
  return examination->verdict;
}

void StoreModuleTest::expect_prefix_within_claims(const std::string& directory) const {
  const storemark::Verdict claims = verdict(directory);
  const MessageStore store(directory);
  expect_prefix(store);
  const Head held = store.head();
  if (claims.diagnosis == storemark::Diagnosis::absent) {
    ASSERT_EQ(held.sequence, 0U);  // killed before there was a journal
    return;
  }
  ASSERT_EQ(claims.diagnosis, storemark::Diagnosis::none);
  ASSERT_LE(claims.floor, held.sequence);
  ASSERT_GE(claims.ceiling, held.sequence);
  ASSERT_NE(claims.certainty, storemark::Certainty::at_least);
  if (claims.state != storemark::StoreState::clean) return;
  ASSERT_EQ(claims.floor, held.sequence);
  const auto& tag = claims.record->tag;
  ASSERT_TRUE(tag && std::ranges::equal(tag->bytes, held.digest));
}

void StoreModuleTest::expect_prefix(const MessageStore& store) const {
  std::size_t n = 0;
  store.for_each([&](std::string_view message) {
    ASSERT_LT(n, lines_.size());
    ASSERT_EQ(message, lines_[n++]);
  });
  ASSERT_EQ(n, store.head().messages);
  ASSERT_EQ(store.recomputed_digest(), store.head().digest);
}

void StoreModuleTest::pause(std::chrono::microseconds most) {
  std::uniform_int_distribution<std::int64_t> time(0, most.count());
  std::this_thread::sleep_for(std::chrono::microseconds(time(random_)));
}

}  // namespace store_module
