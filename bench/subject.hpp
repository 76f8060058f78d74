// SPDX-License-Identifier: Apache-2.0
// What every program here shares: its arguments, its directory, and how it reports.
//
//   usage: bench_SUBJECT [--effort=tiny|quick|normal|full] [--json=FILE] [--context=KEY=VALUE]...
//                        [GOOGLE BENCHMARK'S OPTIONS] [DIRECTORY]
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "machine.hpp"
#include "table.hpp"

namespace storemark::bench {

/// How much: one that only shows that it runs, a first look, one to be believed, the real thing.
enum class Effort { tiny, quick, normal, full };

/// The value for this effort.
template <class T>
T by_effort(Effort effort, T tiny, T quick, T normal, T full) {
  const T values[] = {tiny, quick, normal, full};
  return values[static_cast<int>(effort)];
}

using Tables = std::vector<Table>;
/// Makes the tables of a subject, in a directory of its own on the filesystem in question.
using MakeTables = std::function<Tables(const std::filesystem::path& directory, Effort effort)>;

/// A main(): measures what `make` gives, or what Google Benchmark's filter leaves of it. `beside`
/// is the versions of what ours is compared with.
int run_subject(int argc, char** argv, const std::string& subject, const MakeTables& make,
                const Context& beside = {});

}  // namespace storemark::bench
