// SPDX-License-Identifier: Apache-2.0
#include "device.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <fstream>
#include <sstream>

namespace storemark::bench {
namespace {

std::filesystem::path sys_of(dev_t device) {
  const std::filesystem::path out =
      "/sys/dev/block/" + std::to_string(major(device)) + ":" + std::to_string(minor(device));
  return std::filesystem::exists(out) ? out : std::filesystem::path();
}

/// The line of /proc/self/mountinfo with this device number; the last one covers the others.
Device mounted(dev_t number) {
  const std::string wanted = std::to_string(major(number)) + ":" + std::to_string(minor(number));
  std::ifstream mounts("/proc/self/mountinfo");
  Device out;
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream words(line);
    std::string id;
    std::string parent;
    std::string device;
    std::string root;
    std::string place;
    std::string options;
    words >> id >> parent >> device >> root >> place >> options;
    if (device != wanted) continue;
    for (std::string word; words >> word && word != "-";) {
    }
    std::string super;
    words >> out.filesystem >> out.source >> super;
    out.options = options + "; " + super;
  }
  return out;
}

}  // namespace

Device device_of(const std::filesystem::path& directory) {
  struct stat its {};
  if (::stat(directory.c_str(), &its) != 0) return {};
  Device out = mounted(its.st_dev);
  out.sys = sys_of(its.st_dev);
  // btrfs has a number of its own, and says in the table of mounts where it lives.
  struct stat source {};
  if (out.sys.empty() && ::stat(out.source.c_str(), &source) == 0 && S_ISBLK(source.st_mode)) {
    out.sys = sys_of(source.st_rdev);
  }
  return out;
}

std::optional<DeviceCounts> counts(const Device& device) {
  if (device.sys.empty()) return {};
  // Documentation/block/stat.rst: 5th writes, 7th sectors written, 16th flushes (Linux 5.5).
  std::ifstream file(device.sys / "stat");
  std::uint64_t fields[16] = {};
  for (std::uint64_t& field : fields) {
    if (!(file >> field)) return {};
  }
  return DeviceCounts{fields[4], fields[6], fields[15]};
}

std::string queue_word(const Device& device, const std::string& name) {
  // A partition has its queue in the disk's directory, one above.
  std::string out = "unknown";
  if (device.sys.empty()) return out;
  std::error_code failed;
  const auto real = std::filesystem::canonical(device.sys, failed);
  for (const auto& place : {real, real.parent_path()}) {
    std::ifstream file(place / "queue" / name);
    if (std::getline(file, out)) break;
  }
  return out;
}

}  // namespace storemark::bench
