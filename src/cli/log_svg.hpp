// SPDX-License-Identifier: Apache-2.0
// A timeline as a picture: one SVG file that needs nothing beside it, and runs nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/timeline.hpp"

namespace storemark::cli {

[[nodiscard]] std::string log_svg(const std::vector<Store>& stores, const Timeline& line);

/// Printable text as the content of an XML element or attribute.
[[nodiscard]] std::string xml_text(std::string_view printable_text);

}  // namespace storemark::cli
