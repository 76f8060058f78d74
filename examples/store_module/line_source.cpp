// SPDX-License-Identifier: Apache-2.0
#include "line_source.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>

namespace store_module {
namespace {

constexpr std::size_t longest_line = std::size_t{64} << 20;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int open_input(const std::filesystem::path& path) {
  const int descriptor =
      path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail("cannot read " + path.string());
  return descriptor;
}

int open_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  // Blocked here, before there are threads, they are blocked in every thread and wait for us.
  if (const int error = pthread_sigmask(SIG_BLOCK, &signals, nullptr); error != 0) errno = error;
  const int descriptor = ::signalfd(-1, &signals, SFD_CLOEXEC);
  if (descriptor < 0) fail("cannot wait for signals");
  return descriptor;
}

}  // namespace

Descriptor::~Descriptor() { ::close(value_); }

StopSignal::StopSignal() : signals_(open_signals()) {}

bool StopSignal::wait(int descriptor, std::chrono::milliseconds time) const {
  std::array<pollfd, 2> waiting{{{signals_.get(), POLLIN, 0}, {descriptor, POLLIN, 0}}};
  const int most = 1000 * 60;
  const int timeout =
      time.count() < 0 ? -1 : static_cast<int>(std::min<std::int64_t>(time.count(), most));
  if (::poll(waiting.data(), waiting.size(), timeout) < 0 && errno != EINTR) fail("cannot wait");
  return waiting[0].revents != 0;
}

LineSource::LineSource(const std::filesystem::path& path, const StopSignal& stop)
    : stop_(stop), input_(open_input(path)) {}

LineSource::Got LineSource::next(std::string& line) {
  for (;;) {
    if (stop_.wait(-1, std::chrono::milliseconds(0))) return Got::stop;
    if (take_line(line)) return Got::line;
    if (ended_) return Got::end;
    if (stop_.wait(input_.get(), std::chrono::milliseconds(-1))) return Got::stop;
    ended_ = !fill();
  }
}

bool LineSource::take_line(std::string& line) {
  const std::size_t end = buffer_.find('\n', searched_);
  if (end == std::string::npos) {
    searched_ = buffer_.size();
    if (!ended_ || at_ == buffer_.size()) return false;
    line = buffer_.substr(at_);
    at_ = buffer_.size();
    return true;
  }
  line.assign(buffer_, at_, end - at_);
  at_ = searched_ = end + 1;
  return true;
}

bool LineSource::fill() {
  if (buffer_.size() - at_ > longest_line) throw std::length_error("a line of over 64 MiB");
  buffer_.erase(0, at_);
  searched_ -= at_;
  at_ = 0;
  std::array<char, 64 * 1024> bytes;
  const ssize_t got = ::read(input_.get(), bytes.data(), bytes.size());
  if (got < 0 && errno != EINTR && errno != EAGAIN) fail("cannot read the input");
  if (got > 0) buffer_.append(bytes.data(), static_cast<std::size_t>(got));
  return got != 0;
}

bool Pace::wait() {
  if (per_second_ <= 0) return true;
  const std::chrono::duration<double> due(++turns_ / per_second_);
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        start_ + due - std::chrono::steady_clock::now());
    if (left.count() <= 0) return true;
    if (stop_.wait(-1, left)) return false;
  }
}

}  // namespace store_module
