// SPDX-License-Identifier: Apache-2.0
// What the journal costs a cluster that publishes.
#pragma once

#include <filesystem>

#include "../group.hpp"
#include "../subject.hpp"

namespace storemark::bench {

/// The time of each of the events that one member of three publishes as fast as it may until it is
/// confirmed; the members are in this process. The stores are in memory, or `synced`, each in a
/// file.
[[nodiscard]] Group publishing_group(const std::filesystem::path& directory, Effort effort,
                                     bool synced);

}  // namespace storemark::bench
