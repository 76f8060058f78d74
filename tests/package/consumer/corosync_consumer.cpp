// SPDX-License-Identifier: Apache-2.0
// The smallest honest use of the component: where no daemon runs, it is said.
#include <cstdio>
#include <storemark/corosync_group.hpp>

int main() {
  const auto group = storemark::join_corosync_group({}, 0);
  if (group) return 0;
  std::printf("%s\n", storemark::to_string(group.error()).c_str());
  return group.error().code == storemark::Errc::group_lost ? 0 : 1;
}
