// SPDX-License-Identifier: Apache-2.0
#include "process/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>

namespace storemark::real {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int threw = 125;
constexpr int silent_for_milliseconds = 60'000;

[[noreturn]] void run(const Child::Body& body, int fd) {
  int status = threw;
  try {
    status = body(Reporter(fd));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "child: %s\n", error.what());
  }
  std::fflush(stderr);
  ::_exit(status);
}

}  // namespace

void Reporter::operator()(std::uint64_t what, std::uint64_t number) const {
  const Report report{what, number};
  // Less than PIPE_BUF: the kernel does not tear it.
  if (::write(fd_, &report, sizeof report) != sizeof report) ::_exit(threw);
}

Child::Child(const Body& body) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  pipe_ = io::Descriptor(ends[0]);
  io::Descriptor theirs(ends[1]);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("no child");
  if (pid_ == 0) run(body, theirs.get());
}

Child::~Child() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
  reap();
}

void Child::reap() {
  if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

bool Child::read_one(int milliseconds) {
  pollfd ready{pipe_.get(), POLLIN, 0};
  if (::poll(&ready, 1, milliseconds) <= 0) return false;
  Report report;
  if (::read(pipe_.get(), &report, sizeof report) != sizeof report) return false;
  reports_.push_back(report);
  return true;
}

void Child::listen(std::chrono::microseconds time) {
  const auto until = Clock::now() + time;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(until - Clock::now());
    if (left.count() <= 0) return;
    const timespec wait{left.count() / 1'000'000, left.count() % 1'000'000 * 1000};
    pollfd ready{pipe_.get(), POLLIN, 0};
    if (::ppoll(&ready, 1, &wait, nullptr) <= 0) continue;
    if (!read_one(0)) return;
  }
}

std::optional<Report> Child::next() {
  if (taken_ == reports_.size() && !read_one(silent_for_milliseconds)) return std::nullopt;
  return reports_.at(taken_++);
}

void Child::kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
  reap();
  while (read_one(0)) continue;
}

Ending Child::wait(std::chrono::seconds limit) {
  const auto until = Clock::now() + limit;
  while (Clock::now() < until) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      while (read_one(0)) continue;
      return {true, WIFSIGNALED(status), WIFEXITED(status) ? WEXITSTATUS(status) : -1};
    }
    // A child must not stand still because its pipe is full.
    if (!read_one(1)) ::usleep(500);
  }
  kill();
  return {};
}

}  // namespace storemark::real
