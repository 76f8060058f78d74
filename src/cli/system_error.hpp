// SPDX-License-Identifier: Apache-2.0
// An errno as an error of ours.
#pragma once

#include <storemark/error.hpp>
#include <string>

namespace storemark::cli {

[[nodiscard]] Error system_error(int number, const std::string& what, const std::string& where);

}  // namespace storemark::cli
