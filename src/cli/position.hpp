// SPDX-License-Identifier: Apache-2.0
// Two stores of one cluster: which holds more, and is that proven? Pure.
#pragma once

#include <string>

#include "cli/store.hpp"

namespace storemark::cli {

/// Orders by what is certain first: floor, then ceiling; clean before dirty; then by id, so that
/// the order does not depend on how the stores were named.
[[nodiscard]] bool ranks_before(const Store& a, const Store& b);

/// The numbers are the same.
[[nodiscard]] bool ranks_with(const Store& a, const Store& b);

/// Why it is not proven that `first`, which ranks before or with `second`, holds all that `second`
/// holds; empty if it is.
[[nodiscard]] std::string doubt(const Store& first, const Store& second);

}  // namespace storemark::cli
