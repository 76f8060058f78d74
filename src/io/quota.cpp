// SPDX-License-Identifier: Apache-2.0
#include "io/quota.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace storemark::io {
namespace {

namespace fs = std::filesystem;

bool is_less_than_all(double quota, double period) {
  return quota > 0 && period > 0 && quota < period * std::thread::hardware_concurrency();
}

/// Version 2: "max 100000", or a quota in its place.
bool limits_by_max(const fs::path& group) {
  std::ifstream in(group / "cpu.max");
  double quota = 0;
  double period = 0;
  return in >> quota >> period && is_less_than_all(quota, period);
}

/// Version 1: -1 is none.
bool limits_by_quota(const fs::path& group) {
  std::ifstream quota_in(group / "cpu.cfs_quota_us");
  std::ifstream period_in(group / "cpu.cfs_period_us");
  double quota = 0;
  double period = 0;
  return quota_in >> quota && period_in >> period && is_less_than_all(quota, period);
}

/// The group and all above it. In a container the path may begin above what is mounted there, which
/// is then a group in the middle of it: so it is tried from each of its parts on.
bool any_limits(const fs::path& mount, const fs::path& path) {
  const fs::path whole = path.relative_path();
  for (auto from = whole.begin();; ++from) {
    fs::path group;
    for (auto part = from; part != whole.end(); ++part) group /= *part;
    for (;; group = group.parent_path()) {
      if (limits_by_max(mount / group) || limits_by_quota(mount / group)) return true;
      if (group.empty()) break;
    }
    if (from == whole.end()) return false;
  }
}

bool names_processors(const std::string& controllers) {
  std::istringstream in(controllers);
  for (std::string one; std::getline(in, one, ',');) {
    if (one == "cpu") return true;
  }
  return false;
}

}  // namespace

bool has_processor_quota(const fs::path& root) {
  const fs::path mounts = root / "sys/fs/cgroup";
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    // number:controllers:path; version 2 names no controllers.
    const std::size_t first = std::min(line.find(':'), line.size());
    const std::size_t second = std::min(line.find(':', first + 1), line.size());
    if (second == line.size()) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const fs::path group = line.substr(second + 1);
    std::vector<fs::path> places;
    if (controllers.empty()) places = {mounts};
    if (names_processors(controllers)) places = {mounts / controllers, mounts / "cpu"};
    const auto limits = [&](const fs::path& place) { return any_limits(place, group); };
    if (std::ranges::any_of(places, limits)) return true;
  }
  return false;
}

}  // namespace storemark::io
