// SPDX-License-Identifier: Apache-2.0
#include "signalled.hpp"

#include <pthread.h>

#include <csignal>
#include <utility>

namespace minibroker {
namespace {

sigset_t both() {
  sigset_t out;
  sigemptyset(&out);
  sigaddset(&out, SIGTERM);
  sigaddset(&out, SIGINT);
  return out;
}

}  // namespace

Signalled::Signalled(std::function<void()> tell) : tell_(std::move(tell)) {
  const sigset_t signals = both();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  thread_ = std::thread([this] { run(); });
}

Signalled::~Signalled() {
  over_ = true;
  pthread_kill(thread_.native_handle(), SIGINT);  // nobody else will
  thread_.join();
}

void Signalled::run() {
  const sigset_t signals = both();
  int signal = 0;
  sigwait(&signals, &signal);
  if (!over_) tell_();
}

}  // namespace minibroker
