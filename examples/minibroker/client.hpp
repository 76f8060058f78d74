// SPDX-License-Identifier: Apache-2.0
// A small client: what nc -U does, paced.
#pragma once

#include <filesystem>
#include <istream>

namespace minibroker {

/// Sends each line of `requests`, at most `rate` per second (0: no limit), and prints the answers
/// as they come. Returns 0 if all came and none is an error, else 1. Throws std::system_error.
[[nodiscard]] int talk(const std::filesystem::path& socket, std::istream& requests, double rate);

}  // namespace minibroker
