// SPDX-License-Identifier: Apache-2.0
#include "update_giver.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <span>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "sockets.hpp"
#include "update_stream.hpp"

namespace minibroker {
namespace {

constexpr std::chrono::milliseconds look_period{50};

void block_broken_pipes() noexcept {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  (void)pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

/// What LMDB writes into a pipe goes to the joiner, as update_stream.hpp has it; within the limits.
class Pump {
 public:
  Pump(const QueueStore& store, int joiner, const GivingLimits& limits)
      : store_(store), joiner_(joiner), limits_(limits), size_(store.size()) {}

  void send_head() {
    const std::string head = fmt::format("COPY {}\n", size_);
    send({reinterpret_cast<const std::uint8_t*>(head.data()), head.size()});
  }

  void send_copy(int pipe) {
    std::array<std::uint8_t, max_chunk_bytes> buffer;
    for (;;) {
      const ssize_t got = ::read(pipe, buffer.data(), buffer.size());
      if (got < 0) throw std::system_error(errno, std::generic_category(), "cannot read the copy");
      if (got == 0) return;
      const std::span chunk(buffer.data(), static_cast<std::size_t>(got));
      hasher_.add(chunk);
      send(chunk_head(chunk.size()));
      send(chunk);
    }
  }

  void send_end() {
    send(chunk_head(0));
    send(hasher_.hash());
  }

 private:
  void send(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(joiner_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
      } else if (errno == EAGAIN) {
        wait_for_joiner();
      } else if (errno != EINTR) {
        throw std::system_error(errno, std::generic_category(), "the joiner is gone");
      }
    }
  }

  void wait_for_joiner() const {
    for (auto waited = look_period;; waited += look_period) {
      if (store_.size() > size_ + limits_.growth_bytes) {
        throw std::runtime_error("the joiner is so slow that the store grows");
      }
      if (wait_for(joiner_, POLLOUT, look_period)) return;
      if (waited >= limits_.patience) throw std::runtime_error("the joiner takes nothing");
    }
  }

  const QueueStore& store_;
  const int joiner_;
  const GivingLimits& limits_;
  const std::uint64_t size_;  // when the copy began, or a little before
  StreamHasher hasher_;
};

/// LMDB writes into one end of a pipe; what comes out at the other goes to the joiner.
void stream(const QueueStore& store, int joiner, const GivingLimits& limits) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
  }
  std::exception_ptr failed;
  std::jthread copier;  // joined after the pipe's reading end is closed, which ends it
  Descriptor out(ends[0]);
  copier = std::jthread([&store, &failed, in = Descriptor(ends[1])] {
    block_broken_pipes();  // they are errors, not signals
    try {
      store.copy_to(in.get());
    } catch (...) {
      failed = std::current_exception();
    }
  });
  Pump pump(store, joiner, limits);
  pump.send_head();
  pump.send_copy(out.get());
  copier.join();
  if (failed) std::rethrow_exception(failed);
  pump.send_end();
}

}  // namespace

UpdateGiver::~UpdateGiver() {
  const std::lock_guard lock(mutex_);
  for (const auto& [ticket, giving] : givings_) ::shutdown(giving->joiner.get(), SHUT_RDWR);
}

void UpdateGiver::allow(const storemark::Uuid& ticket, std::shared_ptr<const QueueStore> store) {
  const std::lock_guard lock(mutex_);
  std::erase_if(cut_, [](const auto& giving) { return giving->done.load(); });
  auto& giving = givings_[ticket];
  giving = std::make_unique<Giving>();
  giving->store = std::move(store);
}

void UpdateGiver::end(const storemark::Uuid& ticket) {
  const std::lock_guard lock(mutex_);
  auto ended = givings_.extract(ticket);
  if (!ended) return;
  ::shutdown(ended.mapped()->joiner.get(), SHUT_RDWR);
  if (ended.mapped()->thread.joinable()) cut_.push_back(std::move(ended.mapped()));
}

bool UpdateGiver::give(const storemark::Uuid& ticket, Descriptor& joiner) {
  const std::lock_guard lock(mutex_);
  const auto found = givings_.find(ticket);
  if (found == givings_.end() || found->second->thread.joinable()) return false;
  Giving& giving = *found->second;
  giving.joiner = std::move(joiner);
  giving.thread = std::jthread([this, &giving] { copy(giving); });
  return true;
}

void UpdateGiver::copy(Giving& giving) {
  try {
    stream(*giving.store, giving.joiner.get(), limits_);
  } catch (const std::exception& error) {
    report_(fmt::format("an update that was given is cut: {}", error.what()));
  }
  ::shutdown(giving.joiner.get(), SHUT_RDWR);  // the joiner sees the end now, not after end()
  giving.done = true;
}

}  // namespace minibroker
