// SPDX-License-Identifier: Apache-2.0
// What goes wrong at joining and later, in words.
#pragma once

#include <storemark/error.hpp>
#include <string>

#include "io/file.hpp"

namespace storemark::local_group {

/// That the group could not be joined.
[[nodiscard]] Error not_joined(Errc code, const std::string& place, std::string why,
                               std::string todo, int os_error = 0);
[[nodiscard]] Error not_joined(const io::IoError& error, const std::string& place);
/// That the group was not joined, since that was not wanted any more.
[[nodiscard]] Error join_cancelled(const std::string& place);
/// That this node is in the group no more.
[[nodiscard]] Error out_of_group(const std::string& place, std::string why);

}  // namespace storemark::local_group
