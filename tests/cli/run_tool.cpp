// SPDX-License-Identifier: Apache-2.0
#include "run_tool.hpp"

#include <fcntl.h>
#include <pty.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace storemark::cli_test {
namespace {

std::string content(int descriptor) {
  std::string text;
  std::array<char, 4096> part;
  off_t at = 0;
  for (ssize_t got = 0; (got = pread(descriptor, part.data(), part.size(), at)) > 0; at += got) {
    text.append(part.data(), static_cast<std::size_t>(got));
  }
  return text;
}

/// What a terminal shows, until the program behind it is gone.
std::string drained(int terminal) {
  std::string text;
  std::array<char, 4096> part;
  for (ssize_t got = 0; (got = read(terminal, part.data(), part.size())) > 0;) {
    text.append(part.data(), static_cast<std::size_t>(got));
  }
  return text;
}

std::vector<char*> raw(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

[[noreturn]] void become(std::vector<char*>& argv, std::vector<char*>& environment, int out,
                         int err) {
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  execve(argv[0], argv.data(), environment.data());
  _exit(127);
}

/// Where documents are kept for tests/schemas; empty at first, of this run only.
const std::filesystem::path& kept_outputs() {
  static const std::filesystem::path directory = [] {
    std::filesystem::path made(STOREMARK_KEPT_OUTPUTS);
    std::filesystem::remove_all(made);
    std::filesystem::create_directories(made);
    return made;
  }();
  return directory;
}

void keep(const Ran& ran) {
  static unsigned count = 0;
  if (!ran.out.starts_with('{')) return;
  std::ofstream(kept_outputs() / (std::to_string(count++) + ".json")) << ran.out;
}

Ran run(std::vector<std::string> words, const Setting& setting) {
  std::vector<std::string> variables = setting.environment;
  variables.push_back(std::string("PATH=") + std::getenv("PATH"));
  std::vector<char*> argv = raw(words);
  std::vector<char*> environment = raw(variables);
  int master = -1;
  int out = memfd_create("out", MFD_CLOEXEC);
  const int err = memfd_create("err", MFD_CLOEXEC);
  if (!setting.out_to.empty()) out = open(setting.out_to.c_str(), O_WRONLY | O_CLOEXEC);
  const winsize size{24, setting.columns, 0, 0};
  if (setting.terminal && openpty(&master, &out, nullptr, nullptr, &size) != 0) {
    throw std::runtime_error("no terminal");
  }
  const pid_t child = fork();
  if (child == 0) become(argv, environment, out, err);
  if (setting.terminal) close(out);
  Ran ran;
  if (setting.terminal) ran.out = drained(master);
  int status = 0;
  if (waitpid(child, &status, 0) != child) throw std::runtime_error("cannot wait");
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (!setting.terminal) {
    if (setting.out_to.empty()) ran.out = content(out);
    close(out);
  }
  if (master >= 0) close(master);
  ran.err = content(err);
  close(err);
  keep(ran);
  return ran;
}

}  // namespace

bool Ran::says_in_words(const std::string& text) const {
  std::istringstream in(out);
  std::string words;
  for (std::string word; in >> word;) words += (words.empty() ? "" : " ") + word;
  return words.find(text) != std::string::npos;
}

Ran run_tool(const std::vector<std::string>& arguments, const Setting& setting) {
  std::vector<std::string> words{STOREMARK_TOOL};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return run(std::move(words), setting);
}

Ran type(const std::string& command_line) {
  const std::string directory = std::filesystem::path(STOREMARK_TOOL).parent_path();
  return run({"/bin/sh", "-c", "PATH=" + directory + ":$PATH; " + command_line}, {});
}

}  // namespace storemark::cli_test
