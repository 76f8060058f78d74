// SPDX-License-Identifier: Apache-2.0
// A process that is killed when it has done its work: nothing of it is closed.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "raw_file.hpp"

namespace storemark::bench {

template <class Work>
void kill_after(Work work) {
  const pid_t child = ::fork();
  if (child < 0) give_up("fork");
  if (child == 0) {
    work();
    ::raise(SIGKILL);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFSIGNALED(status)) give_up("the victim");
}

}  // namespace storemark::bench
