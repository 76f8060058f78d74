// SPDX-License-Identifier: Apache-2.0
// What goes wrong at joining and later, in words.
#pragma once

#include <storemark/error.hpp>

#include "group/corosync/daemon.hpp"

namespace storemark::corosync_group {

/// That the group could not be joined.
[[nodiscard]] Error not_joined(Errc code, const std::string& group, std::string why,
                               std::string todo, int os_error = 0);
/// This user may not; says what to write where.
[[nodiscard]] Error denied(const std::string& group, const std::string& complaint);
/// That the group was not joined, since that was not wanted any more.
[[nodiscard]] Error join_cancelled(const std::string& group);
/// That this node is in the group no more.
[[nodiscard]] Error out_of_group(const std::string& group, std::string why,
                                 std::string todo = "join again, as a new node");
/// Because of what the daemon answered.
[[nodiscard]] Error out_of_group(const std::string& group, Answer answer,
                                 const std::string& complaint);

}  // namespace storemark::corosync_group
