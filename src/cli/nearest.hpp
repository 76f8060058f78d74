// SPDX-License-Identifier: Apache-2.0
// The word that a mistyped one was probably meant to be. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace storemark::cli {

/// The candidate that is the fewest edits away; empty if none is near. A candidate that the word
/// begins is near.
[[nodiscard]] std::string nearest(std::string_view word,
                                  const std::vector<std::string>& candidates);

}  // namespace storemark::cli
