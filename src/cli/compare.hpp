// SPDX-License-Identifier: Apache-2.0
// The stores that a mark is compared with: looked at by the tool, never typed in.
#pragma once

#include <storemark/operator.hpp>
#include <string>
#include <vector>

#include "cli/stamp.hpp"

namespace storemark::cli {

/// Why a store cannot be compared with, and how the command ends for it.
struct Refusal {
  Error error;
  ExitStatus status = ExitStatus::failure;
};

struct Comparison {
  std::vector<Compared> compared;
  std::vector<std::string> remarks;  ///< what is given up, what was left out
};

/// One STORE after --compared: what is there now, and what the operator saw there.
struct ComparedName {
  StampedName typed;
  std::vector<Store> now;
};

/// Refuses (changed_since) where a store is not as it was seen. One that cannot be read, or is in
/// use, is left for compare() to refuse by name.
[[nodiscard]] tl::expected<void, Refusal> check_unchanged(const ComparedName& name);

/// Holds `chosen` against the others. Each has to be read, of the same cluster, another member, and
/// not in use. Empty and half-updated stores hold nothing to compare, and are left out.
[[nodiscard]] tl::expected<Comparison, Refusal> compare(const Store& chosen,
                                                        const std::vector<Store>& others);

}  // namespace storemark::cli
