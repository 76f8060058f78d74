// SPDX-License-Identifier: Apache-2.0
// A kernel that is less obliging than most: system calls of this program that are interrupted, move
// less than asked for, fail, or are not known.
#pragma once

#include <cstddef>
#include <functional>

namespace storemark::io {

struct SystemCalls {
  int interruptions = 0;       ///< so many transfers and syncs give EINTR first
  std::size_t at_most = 0;     ///< bytes that one call moves; 0: as many as asked for
  bool moves_nothing = false;  ///< transfers return 0
  int write_error = 0;         ///< errno of every write; 0: none
  int sync_error = 0;          ///< errno of every sync
  bool knows_unnamed_files = true;
  bool knows_direct = true;
  bool knows_exchange = true;
  std::function<void()> before_lock;  ///< called between an open and its lock
  unsigned transfers = 0;             ///< counts
  unsigned status_asked = 0;          ///< all that statx() was asked for, together
  unsigned whole_status_asked = 0;    ///< calls that ask for everything
};

/// What holds now.
SystemCalls& system_calls();

/// Sets it back at the end of its scope.
class Obliging {
 public:
  Obliging() { system_calls() = {}; }
  ~Obliging() { system_calls() = {}; }
  Obliging(const Obliging&) = delete;
  Obliging& operator=(const Obliging&) = delete;
};

}  // namespace storemark::io
