// SPDX-License-Identifier: Apache-2.0
// From a failed system call to an error that says what to do.
#pragma once

#include <storemark/error.hpp>
#include <string>

#include "io/file.hpp"

namespace storemark {

[[nodiscard]] Error to_error(const io::IoError& error, std::string what, const std::string& where);

}  // namespace storemark
