// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of all targets, or checks that those in the tree are what it would write:
//   make_corpus DIRECTORY        writes DIRECTORY/TARGET/seed-...
//   make_corpus --check DIRECTORY
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "seeds.hpp"

namespace {

namespace fs = std::filesystem;
using storemark::fuzz::Seed;

std::vector<std::uint8_t> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::vector<std::uint8_t>(std::istreambuf_iterator<char>(file), {});
}

bool write_file(const fs::path& path, const std::vector<std::uint8_t>& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  return static_cast<bool>(file.flush());
}

bool is_seed(const fs::path& path) { return path.filename().string().starts_with("seed-"); }

std::size_t seeds_in(const fs::path& directory) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(directory)) count += is_seed(entry) ? 1 : 0;
  return count;
}

/// The number of seeds that are not what they should be.
std::size_t check(const fs::path& directory, const std::vector<Seed>& seeds) {
  std::size_t wrong = 0;
  for (const Seed& seed : seeds) {
    const fs::path path = directory / ("seed-" + seed.name);
    if (fs::exists(path) && read_file(path) == seed.bytes) continue;
    std::fprintf(stderr, "%s is not what make_corpus writes\n", path.c_str());
    ++wrong;
  }
  if (seeds_in(directory) > seeds.size()) {
    std::fprintf(stderr, "%s has seeds that make_corpus does not write\n", directory.c_str());
    ++wrong;
  }
  return wrong;
}

std::size_t write(const fs::path& directory, const std::vector<Seed>& seeds) {
  std::size_t wrong = 0;
  fs::create_directories(directory);
  for (const Seed& seed : seeds) {
    wrong += write_file(directory / ("seed-" + seed.name), seed.bytes) ? 0 : 1;
  }
  return wrong;
}

}  // namespace

int main(int argc, char** argv) {
  const bool checking = argc == 3 && std::strcmp(argv[1], "--check") == 0;
  if (!checking && argc != 2) {
    std::fprintf(stderr, "usage: make_corpus [--check] DIRECTORY\n");
    return 2;
  }
  const fs::path corpus = argv[argc - 1];
  const auto each = checking ? check : write;
  const std::size_t wrong = each(corpus / "fuzz_file", storemark::fuzz::file_seeds()) +
                            each(corpus / "fuzz_group", storemark::fuzz::group_seeds()) +
                            each(corpus / "fuzz_slots", storemark::fuzz::slots_seeds()) +
                            each(corpus / "fuzz_wire", storemark::fuzz::wire_seeds());
  return wrong == 0 ? 0 : 1;
}
