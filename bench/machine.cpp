// SPDX-License-Identifier: Apache-2.0
#include "machine.hpp"

#include <sys/utsname.h>

#include <fstream>
#include <thread>

#include "active_journal.hpp"
#include "device.hpp"

namespace storemark::bench {
namespace {

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const std::size_t colon = line.find(": ");
    if (line.rfind("model name", 0) == 0 && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return "unknown";
}

}  // namespace

Context describe_machine(const std::filesystem::path& directory) {
  struct utsname system {};
  ::uname(&system);
  const Device device = device_of(directory);
  const ActiveJournal probe(directory / "probe", {});
  return {
      {"processor", processor()},
      {"cores", std::to_string(std::thread::hardware_concurrency())},
      {"kernel", system.release},
      {"filesystem", device.filesystem},
      {"mount_options", device.options},
      {"device", device.source},
      {"write_cache", queue_word(device, "write_cache")},
      {"fua", queue_word(device, "fua")},
      {"scheduler", queue_word(device, "scheduler")},
      {"compiler", "GCC or Clang " __VERSION__},
      {"storemark", std::string(storemark::version())},
      {"durable_write", std::string(probe.mode().durable_write)},
  };
}

}  // namespace storemark::bench
