// SPDX-License-Identifier: Apache-2.0
// join_corosync_group() with a daemon of the caller's choice.
#pragma once

#include <storemark/corosync_group.hpp>

#include "group/corosync/daemon.hpp"

namespace storemark::corosync_group {

[[nodiscard]] Result<std::unique_ptr<Group>> join(const CorosyncGroupOptions& options,
                                                  std::unique_ptr<Daemon> daemon, int patience_ms);

}  // namespace storemark::corosync_group
