// SPDX-License-Identifier: Apache-2.0
// What can be checked of a journal from outside. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/store.hpp"

namespace storemark::cli {

struct Check {
  std::string name;
  bool good = true;
  std::string text;
};

struct Verification {
  Store store;
  std::vector<Check> checks;
  std::string repair;  ///< completes "--repair would ..."
  ExitStatus status = ExitStatus::safe;
};

[[nodiscard]] Verification verify(Store store);

}  // namespace storemark::cli
