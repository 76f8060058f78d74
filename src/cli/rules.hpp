// SPDX-License-Identifier: Apache-2.0
// The sections of src/restart/RULES.md, which the build puts into the tool.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace storemark::cli {

struct RulePage {
  std::string id;     ///< "R10"
  std::string title;  ///< "clean stores"
  std::string page;
};

/// Cuts the text at its headings "## R10 (title)".
[[nodiscard]] std::vector<RulePage> cut_into_rules(std::string_view text);
/// Those of this build.
[[nodiscard]] const std::vector<RulePage>& rule_pages();

}  // namespace storemark::cli
