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

/// All of it, or an exception.
void send_all(int joiner, std::span<const std::uint8_t> bytes, std::chrono::milliseconds patience) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(joiner, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    } else if (errno != EAGAIN && errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "the joiner is gone");
    } else if (!wait_for(joiner, POLLOUT, patience)) {
      throw std::runtime_error("the joiner takes nothing");
    }
  }
}

void block_broken_pipes() noexcept {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  (void)pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

/// What LMDB writes into the pipe, until it ends; and the hash of it.
StreamHash pump(const QueueStore& store, int pipe, int joiner, const GivingLimits& limits) {
  const std::uint64_t size = store.size();
  const std::string head = fmt::format("COPY {}\n", size);
  send_all(joiner, {reinterpret_cast<const std::uint8_t*>(head.data()), head.size()},
           limits.patience);
  StreamHasher hasher;
  std::array<std::uint8_t, max_chunk_bytes> buffer;
  for (;;) {
    const ssize_t got = ::read(pipe, buffer.data(), buffer.size());
    if (got < 0) throw std::system_error(errno, std::generic_category(), "cannot read the copy");
    if (got == 0) return hasher.hash();
    const std::span chunk(buffer.data(), static_cast<std::size_t>(got));
    hasher.add(chunk);
    send_all(joiner, chunk_head(chunk.size()), limits.patience);
    send_all(joiner, chunk, limits.patience);
    if (store.size() > size + limits.growth_bytes) {
      throw std::runtime_error("the joiner is so slow that the store grows");
    }
  }
}

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
  const StreamHash hash = pump(store, out.get(), joiner, limits);
  copier.join();
  if (failed) std::rethrow_exception(failed);
  send_all(joiner, chunk_head(0), limits.patience);
  send_all(joiner, hash, limits.patience);
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
