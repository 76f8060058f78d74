// SPDX-License-Identifier: Apache-2.0
// A timeline as text, and for programs: the schema storemark.log/1.
#pragma once

#include "cli/json.hpp"
#include "cli/timeline.hpp"

namespace storemark::cli {

/// What stands beside a moment in a drawing, printable: whom it is about, and what.
[[nodiscard]] std::string moment_text(const std::vector<Store>& stores, const Timeline& line,
                                      const Moment& moment);
/// "cluster 01000000-...", or that it has no id yet.
[[nodiscard]] std::string cluster_title(const InitialUuid& cluster);
/// "302", "300 to 310".
[[nodiscard]] std::string range_text(const Moment& moment);

[[nodiscard]] std::string log_text(const std::vector<Store>& stores, const Timeline& line);
[[nodiscard]] Json log_json(const std::vector<Store>& stores, const Timeline& line,
                            ExitStatus status);

}  // namespace storemark::cli
