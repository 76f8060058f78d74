// SPDX-License-Identifier: Apache-2.0
#include "io/quiet_thread.hpp"

#include <cerrno>
#include <csignal>
#include <new>
#include <system_error>

#include "io/descriptor.hpp"

namespace storemark::io {

IoResult<std::thread> start_quiet_thread(std::function<void()> run) {
  // It inherits the mask of whoever starts it.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread;
  int code = 0;
  try {
    thread = std::thread(std::move(run));
  } catch (const std::system_error& error) {
    code = error.code().value();
  } catch (const std::bad_alloc&) {
    code = ENOMEM;
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (code != 0) return failed_with(code, "pthread_create");
  return thread;
}

}  // namespace storemark::io
