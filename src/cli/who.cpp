// SPDX-License-Identifier: Apache-2.0
#include "cli/who.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "cli/text.hpp"

namespace storemark::cli {
namespace {

std::string user_name() {
  const char* invoker = std::getenv("SUDO_USER");
  if (geteuid() == 0 && invoker != nullptr && *invoker != '\0') return invoker;
  std::array<char, 4096> buffer;
  passwd entry{};
  passwd* found = nullptr;
  getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? fmt::format("uid {}", getuid()) : found->pw_name;
}

}  // namespace

std::string host_name() {
  std::array<char, 256> buffer{};
  return gethostname(buffer.data(), buffer.size() - 1) == 0 ? buffer.data() : "unknown";
}

std::string who_is_asking() { return printable(fmt::format("{}@{}", user_name(), host_name())); }

}  // namespace storemark::cli
