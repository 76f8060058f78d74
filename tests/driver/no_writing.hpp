// SPDX-License-Identifier: Apache-2.0
// A device that takes nothing any more, for tests of real journals.
#pragma once

#include <sys/resource.h>

#include <csignal>

namespace storemark::test {

/// While it lives no file of this process takes a byte; reading goes on.
class NoWriting {
 public:
  NoWriting() : before_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    rlimit none = limit_;
    none.rlim_cur = 0;
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  ~NoWriting() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    ::signal(SIGXFSZ, before_);
  }
  NoWriting(const NoWriting&) = delete;
  NoWriting& operator=(const NoWriting&) = delete;

 private:
  rlimit limit_{};
  sighandler_t before_;
};

}  // namespace storemark::test
