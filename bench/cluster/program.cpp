// SPDX-License-Identifier: Apache-2.0
#include "program.hpp"

#include <benchmark/benchmark.h>
#include <sys/utsname.h>

#include <cstdio>
#include <cstring>
#include <storemark/version.hpp>
#include <string_view>

#include "hub.hpp"
#include "member.hpp"
#include "report.hpp"

namespace storemark::bench {
namespace {

int usage() {
  std::fprintf(stderr, "usage: PROGRAM [--tiny] [DIRECTORY] [--benchmark_...]\n");
  return 2;
}

int be_part(int argc, char** argv, const Kinds& kinds) {
  const std::string_view part = argv[1];
  if (part == "hub" && argc == 3) be_hub(argv[2]);
  if (part == "member" && argc == 6) {
    return be_member({argv[2], argv[3], argv[4], argv[5]}, kinds.join);
  }
  if (part != "peer" || argc != 4) return usage();
  const auto client = kinds.connect(argv[2], argv[3]);
  if (!client) return usage();
  be_peer(*client);
}

}  // namespace

int run_program(int argc, char** argv, const Kinds& kinds, const Measure& measure) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "hub" || first == "peer" || first == "member") return be_part(argc, argv, kinds);
  benchmark::Initialize(&argc, argv);
  auto effort = Effort::full;
  std::filesystem::path where = ".";
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--tiny") == 0) {
      effort = Effort::tiny;
    } else if (argv[i][0] != '-') {
      where = argv[i];
    } else {
      return usage();
    }
  }
  struct utsname system {};
  ::uname(&system);
  benchmark::AddCustomContext("kernel", system.release);
  benchmark::AddCustomContext("library", std::string(storemark::version()));
  const Scratch scratch(where);
  Setting setting;
  setting.effort = effort;
  setting.program = std::filesystem::read_symlink("/proc/self/exe");
  setting.directory = std::filesystem::absolute(scratch.path());
  std::vector<Group> groups;
  measure(setting, groups);
  run_groups(groups);
  return 0;
}

}  // namespace storemark::bench
