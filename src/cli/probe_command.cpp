// SPDX-License-Identifier: Apache-2.0
// storemark probe
#include <fmt/format.h>

#include <memory>

#include "cli/command.hpp"
#include "cli/json.hpp"
#include "cli/options.hpp"
#include "cli/probe_judge.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

struct ProbeOptions {
  std::string directory;
  std::optional<std::uint64_t> count;
  Format format = Format::table;
};

constexpr const char* probe_footer =
    "Writes into a file without a name, as the journal would write, and takes the time. Nothing is "
    "left\n"
    "in DIR. A journal's file there is not touched.\n"
    "\n"
    "The verdict: plausible (nothing speaks against it), doubtful (the numbers or the mount do), "
    "unknown\n"
    "(a server, a program or another filesystem has to keep the promise), none (memory). No "
    "program "
    "can\n"
    "prove that a device keeps what it says it has written: only cutting its power does.\n"
    "\n"
    "Exit status: 0 plausible; 8 not confirmed: doubtful, unknown or none; 1 failure, 2 asked "
    "wrongly.";

struct Probed {
  FilesystemFacts facts;
  Measured measured;
  Judgement judgement;
};

Json timing_json(const Timing& timing) {
  return {{"count", timing.count},
          {"median_ns", timing.median},
          {"p99_ns", timing.p99},
          {"max_ns", timing.most}};
}

Json probe_json(const ProbeOptions& options, const Probed& probed) {
  const Measured& measured = probed.measured;
  Json out = Json::object();
  out["schema"] = "storemark.probe/1";
  out["time"] = rfc3339_now();
  out["exit"] = static_cast<int>(exit_status(probed.judgement.verdict));
  out["directory"] = options.directory;
  out["verdict"] = to_string(probed.judgement.verdict);
  out["why"] = probed.judgement.why;
  out["cannot_be_known"] = cannot_be_known;
  out["filesystem"] = to_json(probed.facts);
  out["possible"] = {{"unnamed_file", measured.unnamed},
                     {"o_direct", measured.direct},
                     {"rwf_dsync", measured.rwf_dsync}};
  out["buffered_4k"] = timing_json(measured.buffered);
  out["durable_4k"] = timing_json(measured.durable_4k);
  out["durable_8k"] = timing_json(measured.durable_8k);
  return out;
}

std::string timing_row(std::string_view label, const Timing& timing) {
  const auto us = [](std::uint64_t ns) { return static_cast<double>(ns) / 1000; };
  return fmt::format("  {:<22}{:>12.1f}{:>12.1f}{:>12.1f}{:>8}\n", label, us(timing.median),
                     us(timing.p99), us(timing.most), timing.count);
}

std::string field(std::string_view label, std::string_view text) {
  return paragraph(fmt::format("  {:<12}", label), "              ", printable(text));
}

std::string device_text(const FilesystemFacts& facts) {
  if (facts.device.empty()) return "no block device that the kernel names";
  std::string out = facts.device;
  if (facts.rotational) out += *facts.rotational ? ", rotates" : ", does not rotate";
  if (!facts.write_cache.empty()) out += fmt::format(", cache: {}", facts.write_cache);
  return out;
}

std::string ways_text(const Measured& measured) {
  return fmt::format("{}; {}",
                     measured.direct ? "past the page cache (O_DIRECT)" : "no O_DIRECT here",
                     measured.rwf_dsync ? "one call (RWF_DSYNC)" : "write and fdatasync");
}

std::string probe_text(const ProbeOptions& options, const Probed& probed) {
  const FilesystemFacts& facts = probed.facts;
  const SyncVerdict verdict = probed.judgement.verdict;
  const Colour colour = verdict == SyncVerdict::plausible ? Colour::good : Colour::care;
  std::string out = fmt::format("{}: is a sync honoured here? {}\n", printable(options.directory),
                                coloured(colour, to_string(verdict)));
  for (const std::string& why : probed.judgement.why)
    out += paragraph("  ", "    ", printable(why));
  out += paragraph("  ", "    ", cannot_be_known);
  out += field("filesystem",
               fmt::format("{} at {}, {}{}", facts.type, facts.mount_point, to_string(facts.medium),
                           facts.copy_on_write ? ", copies on write" : ""));
  out += field("device", device_text(facts));
  out +=
      field("free", fmt::format("{} of {} MiB", facts.free_bytes >> 20U, facts.total_bytes >> 20U));
  out += field("written", ways_text(probed.measured));
  out += fmt::format("  {:<22}{:>12}{:>12}{:>12}{:>8}\n", "MICROSECONDS", "MEDIAN", "P99", "MOST",
                     "WRITES");
  out += timing_row("into memory, 4 KiB", probed.measured.buffered);
  out += timing_row("durable, 4 KiB", probed.measured.durable_4k);
  out += timing_row("durable, 8 KiB", probed.measured.durable_8k);
  return out;
}

ExitStatus run_probe(const ProbeOptions& options) {
  auto facts = filesystem_facts(options.directory);
  if (!facts) return report(facts.error());
  auto measured = measure(options.directory, static_cast<std::size_t>(options.count.value_or(200)));
  if (!measured) return report(measured.error());
  const Probed probed{*facts, *measured, judge(*facts, *measured)};
  return emit(options.format == Format::json ? dump(probe_json(options, probed))
                                             : probe_text(options, probed),
              exit_status(probed.judgement.verdict));
}

}  // namespace

void add_probe(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<ProbeOptions>();
  CLI::App& command =
      add_command(app, chosen, "probe",
                  "is a sync honoured here, how long does it take, what filesystem is this",
                  probe_footer, [options] { return run_probe(*options); });
  add_directory(command, options->directory, "DIR");
  add_bounded(command, "--count", options->count, {1, 100'000},
              "how many writes of each kind; 200 unless told");
  add_format(command, options->format);
}

}  // namespace storemark::cli
