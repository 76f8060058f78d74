// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace storemark::bench {
namespace {

constexpr int patience_ms = 60'000;

[[noreturn]] void become(const Command& command, int from, int to) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(from, STDIN_FILENO);
  ::dup2(to, STDOUT_FILENO);
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words[0], words.data());
  ::_exit(127);
}

}  // namespace

Process::Process(Command command) : command_(std::move(command)) {
  std::array<int, 2> orders{};
  std::array<int, 2> words{};
  if (::pipe2(orders.data(), O_CLOEXEC) != 0 || ::pipe2(words.data(), O_CLOEXEC) != 0) {
    give_up(std::strerror(errno));
  }
  id_ = ::fork();
  if (id_ == 0) become(command_, orders[0], words[1]);
  if (id_ < 0) give_up(std::strerror(errno));
  ::close(orders[0]);
  ::close(words[1]);
  to_ = orders[1];
  from_ = words[0];
}

void Process::give_up(const char* why) const {
  std::fprintf(stderr, "bench:");
  for (const std::string& word : command_) std::fprintf(stderr, " %s", word.c_str());
  std::fprintf(stderr, ": %s\n", why);
  std::exit(1);
}

void Process::tell(const std::string& line) const {
  const std::string whole = line + '\n';
  if (::write(to_, whole.data(), whole.size()) < 0) give_up(std::strerror(errno));
}

std::string Process::line() {
  for (;;) {
    if (const auto end = said_.find('\n'); end != std::string::npos) {
      std::string out = said_.substr(0, end);
      said_.erase(0, end + 1);
      return out;
    }
    pollfd ready{from_, POLLIN, 0};
    if (::poll(&ready, 1, patience_ms) <= 0) give_up("it says nothing");
    std::array<char, 4096> more{};
    const ssize_t size = ::read(from_, more.data(), more.size());
    if (size <= 0) give_up("it has ended");
    said_.append(more.data(), static_cast<std::size_t>(size));
  }
}

void Process::strike() const {
  if (id_ > 0) ::kill(id_, SIGKILL);
}

void Process::kill() {
  strike();
  join();
}

void Process::join() {
  if (id_ <= 0) return;
  ::close(to_);
  while (::waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
  }
  ::close(from_);
  id_ = -1;
}

void run(const Command& command) { Process(command).join(); }

}  // namespace storemark::bench
