// SPDX-License-Identifier: Apache-2.0
// Both programs: the one that measures, and what it starts of itself.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "member.hpp"
#include "process.hpp"
#include "traffic.hpp"

namespace storemark::bench {

/// What a program can be part of; each nullptr where there is no such kind.
struct Kinds {
  std::function<std::shared_ptr<Client>(const std::string& kind, const std::string& name)> connect;
  JoinKind join;
};

/// What to measure where.
struct Setting {
  std::string program;  ///< this one, to be started
  std::filesystem::path directory;
  Effort effort = Effort::normal;
  /// What runs beside, for as long as anything is measured.
  std::vector<std::unique_ptr<Process>> others;

  /// Started when it has said its first word.
  void start_other(Command command) {
    others.push_back(std::make_unique<Process>(std::move(command)));
    static_cast<void>(others.back()->line());
  }
};
/// Rounds of one turn each, so many in a run to be believed.
[[nodiscard]] inline Plan turns(const Setting& setting, std::size_t rounds) {
  const auto scaled =
      by_effort<std::size_t>(setting.effort, 1, (rounds + 2) / 3, rounds, rounds * 3);
  return {scaled, 1, {}, {}};
}
using Measure = std::function<void(Setting& setting, std::vector<Group>& out)>;

/// The main of a subject (../subject.hpp); and, as it starts itself, PROGRAM peer KIND NAME,
/// PROGRAM member ...
int run_program(int argc, char** argv, const std::string& subject, const Kinds& kinds,
                const Measure& measure);

}  // namespace storemark::bench
