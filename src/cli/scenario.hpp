// SPDX-License-Identifier: Apache-2.0
// A situation as a person writes it down: announcements in JSON, most of it left out. Any text is
// safe.
#pragma once

#include <storemark/restart.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace storemark::cli {

struct Scenario {
  std::vector<std::string> names;  ///< of the members, in the order of the file
  std::vector<Announcement> members;
};

/// Errors: invalid_argument, naming the field.
[[nodiscard]] Result<Scenario> parse_scenario(std::string_view text, const std::string& where);
/// Errors: also io_failed.
[[nodiscard]] Result<Scenario> read_scenario(const std::string& path);

/// What a word stands for where a UUID is wanted: the UUID that it spells, else one made from it.
[[nodiscard]] Uuid uuid_of(std::string_view word);

}  // namespace storemark::cli
