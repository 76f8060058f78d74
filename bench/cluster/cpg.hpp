// SPDX-License-Identifier: Apache-2.0
// The least that a client of Corosync's process groups can do: libcpg, and poll() on its
// descriptor.
#pragma once

#include <memory>
#include <string>

#include "client.hpp"

namespace storemark::bench {

[[nodiscard]] std::shared_ptr<Client> cpg_client(const std::string& group);
/// Storemark's group on the same daemon.
[[nodiscard]] std::shared_ptr<Client> corosync_client(const std::string& group);

}  // namespace storemark::bench
