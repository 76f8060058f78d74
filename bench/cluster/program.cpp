// SPDX-License-Identifier: Apache-2.0
#include "program.hpp"

#include <cstdio>
#include <string_view>

#include "hub.hpp"
#include "member.hpp"

namespace storemark::bench {
namespace {

int usage() {
  std::fprintf(stderr, "usage, as it starts itself: PROGRAM hub|peer|member ...\n");
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

/// They keep alive what runs beside: it ends with the last of them, before the directory does.
Tables tables(const Measure& measure, const std::filesystem::path& directory, Effort effort) {
  const auto setting = std::make_shared<Setting>();
  setting->effort = effort;
  setting->program = std::filesystem::read_symlink("/proc/self/exe");
  setting->directory = std::filesystem::absolute(directory);
  std::vector<Group> groups;
  measure(*setting, groups);
  Tables out;
  for (Group& group : groups) {
    group.keep(setting);
    out.push_back(std::move(group).table());
  }
  return out;
}

}  // namespace

int run_program(int argc, char** argv, const std::string& subject, const Kinds& kinds,
                const Measure& measure) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "hub" || first == "peer" || first == "member") return be_part(argc, argv, kinds);
  return run_subject(argc, argv, subject,
                     [&](const std::filesystem::path& directory, Effort effort) {
                       return tables(measure, directory, effort);
                     });
}

}  // namespace storemark::bench
