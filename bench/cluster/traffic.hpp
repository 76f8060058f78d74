// SPDX-License-Identifier: Apache-2.0
// What is asked of a client.
#pragma once

#include "../group.hpp"
#include "../subject.hpp"
#include "client.hpp"

namespace storemark::bench {

/// Several ways to the same: who is measured beside whom.
struct Entry {
  std::string name;
  std::shared_ptr<Client> client;
  bool is_baseline = false;
  bool is_ours = false;
};

/// Of each size a group with the time of a message from its sender back to it, one at a time, and
/// one with the time for each of many that are sent as fast as they are taken.
void add_traffic(std::vector<Group>& out, const std::vector<Entry>& entries, Effort effort);

}  // namespace storemark::bench
