// SPDX-License-Identifier: Apache-2.0
// A main for a fuzz target where there is no fuzzing engine: runs it on files, and on changed
// copies of them, so that a target that rotted is seen in any build. The same changes every time.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" {
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);
// Only some targets have one.
__attribute__((weak)) std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                                          std::size_t max_size, unsigned seed);
}

namespace {

namespace fs = std::filesystem;
using Input = std::vector<std::uint8_t>;

std::minstd_rand engine;
const Input* running = nullptr;

std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine()) / 7 % bound; }

/// What broke something is worth keeping.
void keep_input(int /*signal*/) {
  std::signal(SIGABRT, SIG_DFL);
  const int fd = ::open("broken-input", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (fd < 0 || ::write(fd, running->data(), running->size()) < 0) return;
  constexpr char said[] = "the input is kept in ./broken-input\n";
  static_cast<void>(!::write(STDERR_FILENO, said, sizeof said - 1));
}

void run(const Input& input) {
  running = &input;
  static_cast<void>(LLVMFuzzerTestOneInput(input.data(), input.size()));
}

std::vector<fs::path> files_under(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.is_regular_file()) out.push_back(entry.path());
  }
  std::ranges::sort(out);
  return out;
}

Input read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    std::exit(1);
  }
  return Input(std::istreambuf_iterator<char>(file), {});
}

Input changed(const Input& input) {
  constexpr std::size_t room = 64;
  Input out(std::max<std::size_t>(input.size() + room, 1));
  std::ranges::copy(input, out.begin());
  std::size_t size = input.size();
  for (std::size_t times = 1 + below(4); times > 0; --times) {
    const auto seed = static_cast<unsigned>(engine());
    size = LLVMFuzzerCustomMutator != nullptr
               ? LLVMFuzzerCustomMutator(out.data(), size, out.size(), seed)
               : LLVMFuzzerMutate(out.data(), size, out.size());
  }
  out.resize(size);
  return out;
}

int usage(const char* program) {
  std::fprintf(stderr,
               "usage: %s [--changed N] FILE_OR_DIRECTORY...\n"
               "Runs the fuzz target on each file, and on N changed copies of each.\n",
               program);
  return 2;
}

}  // namespace

// The engine's, on a small scale; for targets whose own mutator calls it, too.
std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size) {
  const auto byte = static_cast<std::uint8_t>(below(256));
  if (size > 0 && below(16) == 0) return size - std::min(size, 1 + below(16));
  if (size < max_size && (size == 0 || below(16) == 0)) {
    data[size] = byte;
    return size + 1;
  }
  if (size == 0) return 0;
  std::uint8_t& at = data[below(size)];
  switch (below(4)) {
    case 0:
      at = static_cast<std::uint8_t>(at ^ (1U << below(8)));
      break;
    case 1:
      at = static_cast<std::uint8_t>(at + 1);
      break;
    case 2:
      at = 0xFF;
      break;
    default:
      at = byte;
  }
  return size;
}

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  unsigned long copies = 0;
  if (arguments.size() >= 2 && arguments[0] == "--changed") {
    copies = std::strtoul(arguments[1].c_str(), nullptr, 10);
    arguments.erase(arguments.begin(), arguments.begin() + 2);
  }
  if (arguments.empty() || arguments[0].starts_with("-")) return usage(argv[0]);
  std::signal(SIGABRT, keep_input);
  unsigned long files = 0;
  for (const std::string& argument : arguments) {
    for (const fs::path& path : files_under(argument)) {
      std::fprintf(stderr, "%s\n", path.c_str());
      const Input input = read_file(path);
      run(input);
      for (unsigned long i = 0; i < copies; ++i) run(changed(input));
      ++files;
    }
  }
  std::fprintf(stderr, "%lu files, %lu changed copies of each: nothing broken\n", files, copies);
  return files == 0 ? 1 : 0;
}
