// SPDX-License-Identifier: Apache-2.0
#include "cli/probe_judge.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace storemark::cli {
namespace {

// A disk that turns 15000 times a minute needs 4 ms for a turn; nothing rotates past its head in
// less than a quarter of that on average.
constexpr std::uint64_t quickest_rotation = 1'000'000;
// The flush of a volatile cache is a command to the device and its answer.
constexpr std::uint64_t quickest_flush = 8'000;
// A write that waits for a device takes longer than one into memory.
constexpr std::uint64_t least_factor = 2;

std::string microseconds(std::uint64_t nanoseconds) {
  return fmt::format("{}.{} us", nanoseconds / 1000, nanoseconds % 1000 / 100);
}

SyncVerdict judge_medium(const FilesystemFacts& facts, std::vector<std::string>& why) {
  switch (facts.medium) {
    case Medium::memory:
      why.push_back(
          fmt::format("{} is memory: a power cut, or an unmount, takes it all", facts.type));
      return SyncVerdict::none;
    case Medium::network:
      why.push_back(
          fmt::format("{} is on the network: the server has to keep it, and its settings "
                      "(async exports, for one) cannot be seen from here",
                      facts.type));
      return SyncVerdict::unknown;
    case Medium::program:
      why.push_back(
          fmt::format("{} is served by a program: it may pass a sync on, or not", facts.type));
      return SyncVerdict::unknown;
    case Medium::stacked:
      why.push_back(
          fmt::format("{} lies on another filesystem, and may be mounted volatile: probe a "
                      "volume instead",
                      facts.type));
      return SyncVerdict::unknown;
    case Medium::unknown:
      why.push_back(
          fmt::format("{} is not known here", facts.type.empty() ? "its filesystem" : facts.type));
      return SyncVerdict::unknown;
    case Medium::device:
      break;
  }
  return SyncVerdict::plausible;
}

bool has_option(const std::string& options, std::string_view wanted) {
  return ("," + options + ",").find(fmt::format(",{},", wanted)) != std::string::npos;
}

/// What speaks against a sync on a block device.
std::vector<std::string> doubts(const FilesystemFacts& facts, const Measured& measured) {
  std::vector<std::string> out;
  const std::uint64_t durable = std::min(measured.durable_4k.median, measured.durable_8k.median);
  if (has_option(facts.options, "nobarrier") || has_option(facts.options, "barrier=0")) {
    out.emplace_back("it is mounted without barriers: the kernel does not ask the device to flush");
  }
  const bool volatile_cache = facts.write_cache == "write back";
  if (facts.rotational.value_or(false) && durable < quickest_rotation && volatile_cache) {
    out.push_back(
        fmt::format("its device says that it rotates, and a durable write took {}: less "
                    "than a turn, so a cache answered; a battery may stand behind it",
                    microseconds(durable)));
  } else if (volatile_cache && durable < quickest_flush) {
    out.push_back(
        fmt::format("the device has a volatile cache, and a durable write took {}: too "
                    "quick for a flush",
                    microseconds(durable)));
  }
  if (durable < least_factor * measured.buffered.median) {
    out.push_back(
        fmt::format("a durable write took {}, and one into memory {}: no wait for a device "
                    "is seen",
                    microseconds(durable), microseconds(measured.buffered.median)));
  }
  return out;
}

}  // namespace

std::string_view to_string(SyncVerdict verdict) noexcept {
  switch (verdict) {
    case SyncVerdict::plausible:
      return "plausible";
    case SyncVerdict::doubtful:
      return "doubtful";
    case SyncVerdict::unknown:
      return "unknown";
    case SyncVerdict::none:
      break;
  }
  return "none";
}

Judgement judge(const FilesystemFacts& facts, const Measured& measured) {
  Judgement out;
  out.verdict = judge_medium(facts, out.why);
  if (out.verdict != SyncVerdict::plausible) return out;
  out.why = doubts(facts, measured);
  if (!out.why.empty()) {
    out.verdict = SyncVerdict::doubtful;
    return out;
  }
  out.why.push_back(fmt::format(
      "a durable write takes {} where one into memory takes {}: it waits "
      "for the device",
      microseconds(measured.durable_4k.median), microseconds(measured.buffered.median)));
  if (facts.write_cache.empty()) {
    out.why.emplace_back("the kernel does not say whether the device has a volatile cache");
  }
  if (facts.copy_on_write) {
    out.why.push_back(
        fmt::format("{} copies on write: the journal's file is made without that where "
                    "it can be",
                    facts.type));
  }
  return out;
}

ExitStatus exit_status(SyncVerdict verdict) noexcept {
  return verdict == SyncVerdict::plausible ? ExitStatus::safe : ExitStatus::refused;
}

}  // namespace storemark::cli
