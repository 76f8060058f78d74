// SPDX-License-Identifier: Apache-2.0
// A durable sequence write, back to back from one thread: ours beside the bare system calls, the
// engines, and what programs do with files. And how late the unlucky ones are, which takes many
// more writes to tell: ours beside the bare system calls alone, since an engine's threads would be
// felt.
#include "../group.hpp"
#include "../keepers/contender.hpp"
#include "../subject.hpp"

namespace storemark::bench {
namespace {

Plan plan_for(Effort effort) {
  using std::chrono::milliseconds;
  return by_effort<Plan>(effort, {2, 2, {}, {}}, {60, 16, {}, milliseconds(20'000)},
                         {250, 32, {}, milliseconds(60'000)},
                         {1'000, 64, {}, milliseconds(600'000)});
}

Plan far_out_plan(Effort effort) {
  using std::chrono::milliseconds;
  return by_effort<Plan>(effort, {2, 2, {}, {}}, {60, 32, {}, milliseconds(10'000)},
                         {400, 64, {}, milliseconds(60'000)},
                         {4'000, 64, {}, milliseconds(600'000)});
}

Table far_out(const std::filesystem::path& directory, Effort effort) {
  const auto place = directory / "far out";
  std::filesystem::create_directories(place);
  Group group("far out", far_out_plan(effort));
  for (const char* name : {"storemark, automatic", "O_DIRECT + RWF_DSYNC, 4 KiB",
                           "O_DIRECT + RWF_DSYNC, 8 KiB", "pwrite + fdatasync, 4 KiB"}) {
    Contender its = contender(way(name), place);
    its.is_baseline = its.name == "O_DIRECT + RWF_DSYNC, 4 KiB";
    group.add(std::move(its));
    group.add(twin(way(name), place));
  }
  return std::move(group).table();
}

Tables sequence_tables(const std::filesystem::path& directory, Effort effort) {
  Group group("durable write", plan_for(effort));
  for (const Way& each : all_ways()) {
    if (each.for_many) continue;
    Contender its = contender(each, directory);
    its.is_baseline = each.name == "O_DIRECT + RWF_DSYNC, 4 KiB";
    group.add(std::move(its));
  }
  for (const char* name : {"storemark, automatic", "O_DIRECT + RWF_DSYNC, 4 KiB",
                           "O_DIRECT + RWF_DSYNC, 8 KiB", "SQLite WAL, exclusive"}) {
    group.add(twin(way(name), directory));
  }
  Tables out;
  out.push_back(std::move(group).table());
  out.push_back(far_out(directory, effort));
  return out;
}

}  // namespace
}  // namespace storemark::bench

int main(int argc, char** argv) {
  return storemark::bench::run_subject(argc, argv, "sequence", storemark::bench::sequence_tables,
                                       storemark::bench::engine_versions());
}
